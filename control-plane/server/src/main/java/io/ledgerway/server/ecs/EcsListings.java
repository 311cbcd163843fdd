package io.ledgerway.server.ecs;

import com.aliyuncs.ecs.model.v20140526.DescribeInstanceTypesRequest;
import com.aliyuncs.ecs.model.v20140526.DescribeInstanceTypesResponse;
import com.aliyuncs.ecs.model.v20140526.DescribeInstancesRequest;
import com.aliyuncs.ecs.model.v20140526.DescribeInstancesResponse;
import com.aliyuncs.ecs.model.v20140526.DescribeNetworkInterfacesRequest;
import com.aliyuncs.ecs.model.v20140526.DescribeNetworkInterfacesResponse;
import com.aliyuncs.vpc.model.v20160428.DescribeVSwitchesRequest;
import com.aliyuncs.vpc.model.v20160428.DescribeVSwitchesResponse;
import io.ledgerway.server.ecs.EcsResult.Ok;
import io.ledgerway.server.ecs.EcsResult.OutcomeUnknown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What exists in the cloud, each method to the last page. What it shows may be seconds old, and what it leaves out may
/// exist all the same.
public final class EcsListings {
    private static final int MOST_PAGES = 200;
    private static final int INTERFACES_PER_PAGE = 500;
    private static final long TYPES_PER_PAGE = 100;
    private static final int VSWITCHES_PER_PAGE = 50;
    private static final int MOST_IDS = 100;
    private static final int MOST_TYPES = 10;

    /// Which interfaces: those that meet all that is given.
    public record InterfaceFilter(List<String> ids, Optional<String> instanceId, Map<String, String> tags) {
        public InterfaceFilter {
            ids = limited(ids, MOST_IDS, "interface ids");
            tags = new LinkedHashMap<>(tags);
        }

        public static InterfaceFilter ids(String... ids) {
            return new InterfaceFilter(List.of(ids), Optional.empty(), Map.of());
        }

        public static InterfaceFilter ofInstance(String instanceId) {
            return new InterfaceFilter(List.of(), Optional.of(instanceId), Map.of());
        }

        public static InterfaceFilter tagged(Map<String, String> tags) {
            return new InterfaceFilter(List.of(), Optional.empty(), tags);
        }
    }

    private interface Pages<T> {
        EcsResult<Page<T>> after(String token, int number);
    }

    /// @param next the token of the next page; empty after the last
    private record Page<T>(List<T> items, String next) {}

    private final EcsClient client;

    EcsListings(EcsClient client) {
        this.client = client;
    }

    private static List<String> limited(List<String> list, int most, String what) {
        if (list.size() > most) {
            throw new IllegalArgumentException("one call names up to " + most + " " + what + ", not " + list.size());
        }
        return List.copyOf(list);
    }

    public EcsResult<List<EcsView.NetworkInterface>> networkInterfaces(InterfaceFilter filter) {
        return all("DescribeNetworkInterfaces", (token, number) -> {
            var request = new DescribeNetworkInterfacesRequest();
            request.setMaxResults(INTERFACES_PER_PAGE);
            if (!token.isEmpty()) {
                request.setNextToken(token);
            }
            if (!filter.ids.isEmpty()) {
                request.setNetworkInterfaceIds(filter.ids);
            }
            filter.instanceId.ifPresent(request::setInstanceId);
            request.setTags(filter.tags.entrySet().stream()
                    .map(entry -> {
                        var tag = new DescribeNetworkInterfacesRequest.Tag();
                        tag.setKey(entry.getKey());
                        tag.setValue(entry.getValue());
                        return tag;
                    })
                    .toList());
            return client.send(request, DescribeNetworkInterfacesResponse::getRequestId, EcsListings::isWhole)
                    .map(answer -> page(
                            answer.getNetworkInterfaceSets().stream()
                                    .map(EcsViews::of)
                                    .toList(),
                            answer.getNextToken()));
        });
    }

    private static boolean isWhole(DescribeNetworkInterfacesResponse answer) {
        return answer.getNetworkInterfaceSets() != null;
    }

    public EcsResult<List<EcsView.Instance>> instances(List<String> ids) {
        var wanted = limited(ids, MOST_IDS, "instance ids");
        return all("DescribeInstances", (token, number) -> {
            var request = new DescribeInstancesRequest();
            request.setMaxResults(MOST_IDS);
            if (!token.isEmpty()) {
                request.setNextToken(token);
            }
            // The one list of this API that is a JSON text.
            request.setInstanceIds(
                    wanted.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(",", "[", "]")));
            return client.send(request, DescribeInstancesResponse::getRequestId, a -> a.getInstances() != null)
                    .map(answer -> page(
                            answer.getInstances().stream().map(EcsViews::of).toList(), answer.getNextToken()));
        });
    }

    public EcsResult<List<EcsView.InstanceType>> instanceTypes(List<String> names) {
        var wanted = limited(names, MOST_TYPES, "instance types");
        return all("DescribeInstanceTypes", (token, number) -> {
            var request = new DescribeInstanceTypesRequest();
            request.setMaxResults(TYPES_PER_PAGE);
            if (!token.isEmpty()) {
                request.setNextToken(token);
            }
            request.setInstanceTypess(wanted);
            return client.send(request, DescribeInstanceTypesResponse::getRequestId, a -> a.getInstanceTypes() != null)
                    .map(answer -> page(
                            answer.getInstanceTypes().stream().map(EcsViews::of).toList(), answer.getNextToken()));
        });
    }

    /// The vSwitches named, in the order in which the cloud lists them.
    public EcsResult<List<EcsView.VSwitch>> vSwitches(List<String> ids) {
        var wanted = limited(ids, VSWITCHES_PER_PAGE, "vSwitches");
        return all("DescribeVSwitches", (token, number) -> {
            var request = new DescribeVSwitchesRequest();
            request.setVSwitchId(String.join(",", wanted));
            request.setPageNumber(number);
            request.setPageSize(VSWITCHES_PER_PAGE);
            return client.send(request, DescribeVSwitchesResponse::getRequestId, a -> a.getVSwitches() != null)
                    .map(answer -> {
                        Integer total = answer.getTotalCount();
                        boolean more = total != null && number * VSWITCHES_PER_PAGE < total;
                        return page(
                                answer.getVSwitches().stream().map(EcsViews::of).toList(), more ? "by number" : "");
                    });
        });
    }

    private static <T> Page<T> page(List<T> items, String next) {
        return new Page<>(items, next == null ? "" : next);
    }

    private static <T> EcsResult<List<T>> all(String action, Pages<T> pages) {
        var found = new ArrayList<T>();
        String token = "";
        for (int number = 1; number <= MOST_PAGES; number++) {
            var result = pages.after(token, number);
            if (!(result instanceof Ok<Page<T>> ok)) {
                return result.map(page -> page.items);
            }
            found.addAll(ok.value().items);
            token = ok.value().next;
            if (token.isEmpty()) {
                return new Ok<>(List.copyOf(found), ok.requestId());
            }
        }
        return new OutcomeUnknown<>("TooManyPages", action + " did not end within " + MOST_PAGES + " pages");
    }
}

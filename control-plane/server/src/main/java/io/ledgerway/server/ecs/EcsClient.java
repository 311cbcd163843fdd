package io.ledgerway.server.ecs;

import com.aliyuncs.AcsRequest;
import com.aliyuncs.AcsResponse;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.auth.AlibabaCloudCredentialsProvider;
import com.aliyuncs.auth.BasicCredentials;
import com.aliyuncs.auth.BasicSessionCredentials;
import com.aliyuncs.auth.DefaultCredentialsProvider;
import com.aliyuncs.auth.StaticCredentialsProvider;
import com.aliyuncs.ecs.model.v20140526.AssignPrivateIpAddressesResponse;
import com.aliyuncs.ecs.model.v20140526.AttachNetworkInterfaceResponse;
import com.aliyuncs.ecs.model.v20140526.CreateNetworkInterfaceResponse;
import com.aliyuncs.ecs.model.v20140526.DeleteNetworkInterfaceResponse;
import com.aliyuncs.ecs.model.v20140526.DetachNetworkInterfaceResponse;
import com.aliyuncs.ecs.model.v20140526.UnassignPrivateIpAddressesResponse;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.HttpClientConfig;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/// The cloud's changes, one method per action, one call to the cloud per method and no retry: whoever asks decides
/// what a result means for what the log has recorded. Calls block; they may come from any number of virtual
/// threads.
public final class EcsClient implements AutoCloseable {
    private final DefaultAcsClient client;
    private final EcsTransport transport;
    private final RateLimits rates;
    private final Duration rateWait;
    private final EcsListings listings = new EcsListings(this);

    public EcsClient(EcsConfiguration configuration) {
        this.transport = new EcsTransport(configuration.connectTimeout(), configuration.answerTimeout());
        this.client = client(configuration, transport);
        this.rates = new RateLimits(configuration.rateFactor(), System::nanoTime);
        this.rateWait = configuration.rateWait();
    }

    private static DefaultAcsClient client(EcsConfiguration configuration, EcsTransport transport) {
        var http = new HttpClientConfig();
        http.setProtocolType(configuration.https() ? ProtocolType.HTTPS : ProtocolType.HTTP);
        // Keeps the SDK from making its process-wide client before ours takes its place.
        http.setCompatibleMode(true);
        var profile = DefaultProfile.getProfile(configuration.regionId());
        profile.setHttpClientConfig(http);
        profile.setCloseTrace(true);
        var client = new DefaultAcsClient(profile, credentials(configuration.credentials()));
        client.setHttpClient(transport);
        client.setEndpointResolver(asked -> configuration
                .endpoint()
                .orElseGet(() ->
                        asked.productCode.toLowerCase(Locale.ROOT) + "." + configuration.regionId() + ".aliyuncs.com"));
        return client;
    }

    private static AlibabaCloudCredentialsProvider credentials(EcsConfiguration.Credentials credentials) {
        return switch (credentials) {
            case EcsConfiguration.Credentials.AccessKey key ->
                new StaticCredentialsProvider(new BasicCredentials(key.id(), key.secret()));
            case EcsConfiguration.Credentials.SessionKey key ->
                new StaticCredentialsProvider(new BasicSessionCredentials(key.id(), key.secret(), key.securityToken()));
            case EcsConfiguration.Credentials.DefaultChain chain -> defaultChain();
        };
    }

    private static AlibabaCloudCredentialsProvider defaultChain() {
        try {
            return new DefaultCredentialsProvider();
        } catch (ClientException failed) {
            throw new IllegalStateException("the default chain of credentials could not be set up", failed);
        }
    }

    public EcsResult<EcsView.NetworkInterface> create(EcsCall.CreateNetworkInterface call) {
        return send(EcsRequests.of(call), CreateNetworkInterfaceResponse::getRequestId, EcsClient::isWhole)
                .map(EcsViews::of);
    }

    private static boolean isWhole(CreateNetworkInterfaceResponse made) {
        return isText(made.getNetworkInterfaceId())
                && isText(made.getMacAddress())
                && isText(made.getPrivateIpAddress());
    }

    private static boolean isText(String text) {
        return text != null && !text.isEmpty();
    }

    /// Accepted, not done: the interface shows as attached later, or as Available again when it failed.
    public EcsResult<Void> attach(EcsCall.AttachNetworkInterface call) {
        return done(send(EcsRequests.of(call), AttachNetworkInterfaceResponse::getRequestId, answer -> true));
    }

    /// Accepted, not done. Ok also when the interface or the instance is gone.
    public EcsResult<Void> detach(EcsCall.DetachNetworkInterface call) {
        return doneOrGone(
                send(EcsRequests.of(call), DetachNetworkInterfaceResponse::getRequestId, answer -> true),
                "InvalidEniId.NotFound",
                "InvalidEcsId.NotFound");
    }

    /// Accepted, not done. Ok also when the interface is gone.
    public EcsResult<Void> delete(EcsCall.DeleteNetworkInterface call) {
        return doneOrGone(
                send(EcsRequests.of(call), DeleteNetworkInterfaceResponse::getRequestId, answer -> true),
                "InvalidEniId.NotFound");
    }

    /// The addresses that were added.
    public EcsResult<List<String>> assign(EcsCall.AssignPrivateIpAddresses call) {
        return send(EcsRequests.of(call), AssignPrivateIpAddressesResponse::getRequestId, EcsClient::isWhole)
                .map(answer ->
                        List.copyOf(answer.getAssignedPrivateIpAddressesSet().getPrivateIpSet()));
    }

    private static boolean isWhole(AssignPrivateIpAddressesResponse answer) {
        var assigned = answer.getAssignedPrivateIpAddressesSet();
        return assigned != null && !EcsViews.orEmpty(assigned.getPrivateIpSet()).isEmpty();
    }

    /// Ok also when the interface, or the only address named, is gone. NotFound when one of several is: then
    /// nothing was unassigned, and the interface must be looked at before the rest is asked for.
    public EcsResult<Void> unassign(EcsCall.UnassignPrivateIpAddresses call) {
        var result = send(EcsRequests.of(call), UnassignPrivateIpAddressesResponse::getRequestId, answer -> true);
        return call.addresses().size() == 1
                ? doneOrGone(result, "InvalidEniId.NotFound", EcsErrors.ADDRESS_NOT_ASSIGNED)
                : doneOrGone(result, "InvalidEniId.NotFound");
    }

    /// What exists.
    public EcsListings listings() {
        return listings;
    }

    private static <T> EcsResult<Void> done(EcsResult<T> result) {
        return result.map(answer -> null);
    }

    private static <T> EcsResult<Void> doneOrGone(EcsResult<T> result, String... gone) {
        return result instanceof EcsResult.NotFound<T> missing && List.of(gone).contains(missing.code())
                ? new EcsResult.Ok<>(null, missing.requestId())
                : done(result);
    }

    /// Sends one request. An answer without what every good one holds says nothing.
    <T extends AcsResponse> EcsResult<T> send(
            AcsRequest<T> request, Function<T, String> requestIdOf, Predicate<T> whole) {
        String action = request.getSysActionName();
        var wait = rates.reserve(action, rateWait);
        if (wait.isNegative()) {
            return new EcsResult.Throttled<>(
                    EcsErrors.RATE_LIMITED,
                    action + " would have to wait longer than " + rateWait + " to stay below "
                            + RateLimits.perMinute(action) + " calls a minute",
                    "");
        }
        try {
            Thread.sleep(wait);
            T answer = client.getAcsResponse(request);
            String requestId = requestIdOf.apply(answer);
            if (!isText(requestId) || !whole.test(answer)) {
                return new EcsResult.OutcomeUnknown<>(
                        EcsErrors.NO_REQUEST_ID, action + " was answered with HTTP 200 and without its content");
            }
            return new EcsResult.Ok<>(answer, requestId);
        } catch (ClientException failure) {
            return EcsErrors.classify(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new EcsResult.Throttled<>(EcsErrors.RATE_LIMITED, action + " was interrupted before its turn", "");
        }
    }

    @Override
    public void close() {
        client.shutdown();
    }
}

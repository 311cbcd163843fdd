package io.ledgerway.simulator.cloud;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Both ways in which ECS pages: by NextToken and MaxResults, and by PageNumber and PageSize with a TotalCount. A token
/// names the last thing shown and not a count, so that what comes or goes in between hides nothing.
record Paging<T>(String plural, String singular, ToLongFunction<T> place, int leastPerPage, int mostPerPage) {
    private static final int DEFAULT_PER_PAGE = 10;
    private static final int MOST_PAGES = 1_000_000;

    Map<String, Object> page(List<T> all, Parameters parameters, Function<T, Map<String, Object>> shown) {
        boolean byToken = parameters.text("MaxResults").isPresent()
                || parameters.text("NextToken").isPresent();
        return byToken ? byToken(all, parameters, shown) : byNumber(all, parameters, shown);
    }

    private Map<String, Object> byToken(List<T> all, Parameters parameters, Function<T, Map<String, Object>> shown) {
        int asked = parameters.number("MaxResults", 1, Integer.MAX_VALUE).orElse(DEFAULT_PER_PAGE);
        int size = Math.clamp(asked, leastPerPage, mostPerPage);
        long after = parameters.text("NextToken").map(Paging::decode).orElse(Long.MIN_VALUE);
        var rest = all.stream().filter(item -> place.applyAsLong(item) > after).toList();
        var shownNow = rest.subList(0, Math.min(size, rest.size()));
        String next = rest.size() > size ? encode(place.applyAsLong(shownNow.getLast())) : "";
        var document = answer(shownNow, shown);
        document.put("TotalCount", all.size());
        document.put("NextToken", next);
        return document;
    }

    private Map<String, Object> byNumber(List<T> all, Parameters parameters, Function<T, Map<String, Object>> shown) {
        int number = parameters.number("PageNumber", 1, MOST_PAGES).orElse(1);
        int size = parameters.number("PageSize", 1, mostPerPage).orElse(DEFAULT_PER_PAGE);
        long from = Math.min((number - 1L) * size, all.size());
        var shownNow = all.subList((int) from, (int) Math.min(from + size, all.size()));
        var document = answer(shownNow, shown);
        document.put("TotalCount", all.size());
        document.put("PageNumber", number);
        document.put("PageSize", size);
        document.put("NextToken", from + size < all.size() ? encode(place.applyAsLong(shownNow.getLast())) : "");
        return document;
    }

    private Map<String, Object> answer(List<T> page, Function<T, Map<String, Object>> shown) {
        return Documents.document(
                plural, Documents.items(singular, page.stream().map(shown).toList()));
    }

    private static String encode(long place) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("after:" + place).getBytes(StandardCharsets.UTF_8));
    }

    private static long decode(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            return Long.parseLong(text.substring("after:".length()));
        } catch (RuntimeException notOurs) {
            throw Refusal.invalid("NextToken", "'" + token + "' was not given out here");
        }
    }
}

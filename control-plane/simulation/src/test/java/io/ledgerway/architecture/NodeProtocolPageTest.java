package io.ledgerway.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/node-protocol.md` says of each rule which tests guard it; all of them are there.
class NodeProtocolPageTest {

    private static final int RULES = 26;
    private static final Path PAGE = Path.of("..", "..", "docs", "node-protocol.md");
    private static final Pattern RULE = Pattern.compile("(?m)^\\*\\*(\\d+)\\. ");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)\\.(\\w+)`");

    @Test
    void everyTypeThatThePageNamesIsThere() throws IOException {
        assertEquals(List.of(), ArchitecturePageTest.missing(ArchitecturePageTest.sources(), Files.readString(PAGE)));
    }

    @Test
    void everyTestThatThePageNamesIsThere() throws IOException {
        var sources = ArchitecturePageTest.sources();
        var missing = new ArrayList<String>();
        var named = TEST.matcher(Files.readString(PAGE));
        while (named.find()) {
            var type = Pattern.compile("\\bclass " + named.group(1) + "\\b");
            var method = Pattern.compile("\\bvoid " + named.group(2) + "\\(");
            if (sources.stream()
                    .noneMatch(source -> type.matcher(source.text()).find()
                            && method.matcher(source.text()).find())) {
                missing.add(named.group());
            }
        }

        assertEquals(List.of(), missing);
    }

    @Test
    void everyRuleNamesATestOrSaysWhatIsOpen() throws IOException {
        var page = Files.readString(PAGE);
        var starts = new ArrayList<Integer>();
        var rules = RULE.matcher(page);
        while (rules.find()) {
            starts.add(rules.start());
            assertEquals(starts.size(), Integer.parseInt(rules.group(1)), "the rules are in order");
        }
        assertEquals(RULES, starts.size());
        for (int i = 0; i < RULES; i++) {
            var rule = page.substring(starts.get(i), i + 1 < RULES ? starts.get(i + 1) : page.length());
            assertTrue(TEST.matcher(rule).find() || rule.contains("Open: "), rule);
        }
    }
}

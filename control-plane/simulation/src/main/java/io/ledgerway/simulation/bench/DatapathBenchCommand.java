package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.vpc.BoxId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench datapath`. Exit status 0 when it ran; with `--check` 1 if an aim was missed.
@Command(
        name = "datapath",
        description = "Round trips and throughput between pods, beside a bridge, VXLAN and the nodes themselves.",
        mixinStandardHelpOptions = true,
        separator = " ")
public final class DatapathBenchCommand implements Callable<Integer> {

    @Mixin
    private BenchOptions bench;

    @Option(names = "--box", required = true, description = "names the VPCs' network namespaces")
    private String box;

    @Override
    public Integer call() throws Exception {
        var effort = bench.effort(DatapathEffort.QUICK, DatapathEffort.FULL);
        return bench.report(
                "datapath", (commit, progress) -> new DatapathBench(new BoxId(box), effort, progress).run(commit));
    }
}

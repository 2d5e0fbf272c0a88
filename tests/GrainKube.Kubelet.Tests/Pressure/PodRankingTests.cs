using System.Text.Json.Nodes;
using CsCheck;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Tests.Cluster;

namespace GrainKube.Kubelet.Tests.Pressure;

public sealed class PodRankingTests
{
    private static readonly Gen<PodUse[]> Pods = Gen.Select(Gen.Int[-1, 2], Gen.Int[0, 3], Gen.Int[0, 6], Gen.Int[0, 3], Gen.Int[0, 6])
        .Array[0, 8].Select(made => made.Select((p, i) => Use($"pod-{i}", p.Item1, p.Item2, p.Item3, p.Item4, p.Item5)).ToArray());

    [Fact]
    public void The_order_does_not_depend_on_the_order_of_asking() => Gen.Select(Pods, Gen.Enum<Signal>(), Gen.Bool).Sample((pods, signal, oneDisk) =>
        Assert.Equal(Names(PodRanking.Order(pods, signal, oneDisk)), Names(PodRanking.Order(pods.Reverse(), signal, oneDisk))));

    [Fact]
    public void Memory_first_comes_from_those_over_their_requests_then_from_the_least_important_then_from_the_greediest() => Pods.Sample(pods =>
    {
        var order = PodRanking.Order(pods, Signal.MemoryAvailable, oneDisk: true);
        foreach (var (before, after) in order.Zip(order.Skip(1)))
        {
            var (over, next) = (Over(before), Over(after));
            Assert.True(over > 0 || next <= 0);
            Assert.True((over > 0) != (next > 0) || before.Priority <= after.Priority);
            Assert.True((over > 0) != (next > 0) || before.Priority != after.Priority || over >= next);
        }

        static long Over(PodUse pod) => pod.Memory - pod.Requested("memory");
    });

    [Fact]
    public void Disk_is_what_lies_on_the_disk_that_is_short()
    {
        PodUse[] pods = [Layers("layers", written: 5, volumes: 0), Layers("volumes", written: 0, volumes: 4)];

        Assert.Equal("layers", First(Signal.NodeFsAvailable, oneDisk: true));
        Assert.Equal("volumes", First(Signal.NodeFsAvailable, oneDisk: false));
        Assert.Equal("layers", First(Signal.ImageFsAvailable, oneDisk: false));

        string First(Signal signal, bool oneDisk) => PodRanking.Order(pods, signal, oneDisk)[0].Object.Key.Name;
    }

    [Fact]
    public void The_message_names_resource_threshold_and_who_used_more_than_it_asked_for()
    {
        var message = EvictionMessage.LowOn(
            Thresholds.Parse("memory.available<100Mi")[0], FakeFigures.Of(80L << 20, 0), Use("web", priority: 0, requested: 10, used: 30, requestedDisk: 0, usedDisk: 0));

        Assert.Equal(
            "The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi. Container main was using 30Mi, request is 10Mi, has larger consumption of memory. ", message);
    }

    private static IEnumerable<string> Names(IEnumerable<PodUse> pods) => pods.Select(pod => pod.Object.Key.Name);

    private static PodUse Use(string name, int priority, int requested, int used, int requestedDisk, int usedDisk) => new(
        Pod(name, priority, new JsonObject { ["memory"] = $"{requested}Mi", ["ephemeral-storage"] = $"{requestedDisk}Mi" }),
        [new ContainerUse("main", Memory: (long)used << 20, Processes: used, Written: new DiskUse((long)usedDisk << 20, usedDisk))]);

    private static PodUse Layers(string name, long written, long volumes) =>
        new(Pod(name, 0, []), [new ContainerUse("main", Written: new DiskUse(written, written))], new DiskUse(volumes, volumes));

    private static KubeObject Pod(string name, int priority, JsonObject requests) => new MemoryNodeView("node-1").Put(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["uid"] = name },
        ["spec"] = new JsonObject
        {
            ["priority"] = priority,
            ["containers"] = new JsonArray { new JsonObject { ["name"] = "main", ["image"] = "i", ["resources"] = new JsonObject { ["requests"] = requests } } },
        },
    });
}

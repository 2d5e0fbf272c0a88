using GrainKube.Controllers.TaintEviction;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.TaintEviction;

public sealed class EvictionTimeTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly V1Taint Taint = new() { Key = "k", Value = "v", Effect = "NoExecute", TimeAdded = Now.AddSeconds(-10).UtcDateTime };

    [Fact]
    public void An_untolerated_taint_evicts_now() => Assert.Equal(Now, EvictionTime.Of([Taint], [], Now));

    [Fact]
    public void Tolerated_for_ever_stays() => Assert.Null(EvictionTime.Of([Taint], [Tolerates("Exists", null)], Now));

    [Fact]
    public void Tolerated_for_a_time_counts_from_when_the_taint_was_added() =>
        Assert.Equal(Now.AddSeconds(20), EvictionTime.Of([Taint], [Tolerates("Equal", 30)], Now));

    [Fact]
    public void The_shortest_of_several_tolerations_counts() =>
        Assert.Equal(Now.AddSeconds(-5), EvictionTime.Of([Taint], [Tolerates("Equal", 30), Tolerates("Exists", 5), Tolerates("Exists", null)], Now));

    [Fact]
    public void The_first_of_several_taints_counts() =>
        Assert.Equal(Now, EvictionTime.Of([Taint, new V1Taint { Key = "other", Effect = "NoExecute" }], [Tolerates("Equal", 30)], Now));

    [Fact]
    public void Other_effects_do_not_evict() => Assert.Null(EvictionTime.Of([new V1Taint { Key = "k", Effect = "NoSchedule" }], [], Now));

    private static V1Toleration Tolerates(string operation, long? seconds) => new()
    {
        Key = "k", OperatorProperty = operation, Value = operation == "Equal" ? "v" : null, Effect = "NoExecute", TolerationSeconds = seconds,
    };
}

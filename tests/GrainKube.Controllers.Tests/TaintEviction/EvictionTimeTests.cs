using GrainKube.Controllers.TaintEviction;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.TaintEviction;

public sealed class EvictionTimeTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly V1Taint Taint = new() { Key = "k", Value = "v", Effect = "NoExecute", TimeAdded = Now.AddSeconds(-10).UtcDateTime };

    [Fact]
    public void An_untolerated_taint_evicts_now() => Assert.Equal(Now, Of([Taint], []));

    [Fact]
    public void Tolerated_for_ever_stays() => Assert.Null(Of([Taint], [Tolerates("Exists", null)]));

    [Fact]
    public void Tolerated_for_a_time_counts_from_when_the_taint_was_added() =>
        Assert.Equal(Now.AddSeconds(20), Of([Taint], [Tolerates("Equal", 30)]));

    [Fact]
    public void The_shortest_of_several_tolerations_counts() =>
        Assert.Equal(Now.AddSeconds(-5), Of([Taint], [Tolerates("Equal", 30), Tolerates("Exists", 5), Tolerates("Exists", null)]));

    [Fact]
    public void The_first_of_several_taints_counts() =>
        Assert.Equal(Now, Of([Taint, new V1Taint { Key = "other", Effect = "NoExecute" }], [Tolerates("Equal", 30)]));

    [Fact]
    public void Other_effects_do_not_evict() => Assert.Null(Of([new V1Taint { Key = "k", Effect = "NoSchedule" }], []));

    [Fact]
    public void A_taint_that_was_there_before_the_pod_is_tolerated_for_its_time() =>
        Assert.Equal(Now.AddSeconds(27), Of([Taint], [Tolerates("Equal", 30)], arrived: Now.AddSeconds(-3)));

    [Fact]
    public void A_taint_that_does_not_say_when_it_was_added_counts_from_when_it_was_seen()
    {
        var undated = new V1Taint { Key = "k", Value = "v", Effect = "NoExecute" };
        Assert.Equal(Now.AddSeconds(25), Of([undated], [Tolerates("Equal", 30)], since: Now.AddSeconds(-5)));
    }

    private static DateTimeOffset? Of(IEnumerable<V1Taint> taints, IReadOnlyList<V1Toleration> tolerations, DateTimeOffset? arrived = null, DateTimeOffset? since = null) =>
        EvictionTime.Of(taints, tolerations, arrived ?? Now.AddDays(-1), since ?? Now, Now);

    private static V1Toleration Tolerates(string operation, long? seconds) => new()
    {
        Key = "k", OperatorProperty = operation, Value = operation == "Equal" ? "v" : null, Effect = "NoExecute", TolerationSeconds = seconds,
    };
}

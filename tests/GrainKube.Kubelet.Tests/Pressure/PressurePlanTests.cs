using CsCheck;
using GrainKube.Kubelet.Pressure;

namespace GrainKube.Kubelet.Tests.Pressure;

public sealed class PressurePlanTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Transition = TimeSpan.FromMinutes(5);

    private static readonly IReadOnlyList<Threshold> All = Thresholds.Parse(
        "memory.available<100Mi,nodefs.available<10%", "memory.available<200Mi", "memory.available=1m", "nodefs.available=5%");

    /// <summary>Memory and disk that come and go, looked at every so often.</summary>
    private static readonly Gen<(int Memory, int Disk, int Seconds)[]> Histories = Gen.Select(Gen.Int[0, 400], Gen.Int[0, 30], Gen.Int[1, 400]).Array[1, 30];

    [Fact]
    public void A_pressure_is_told_exactly_from_its_first_sight_until_the_transition_after_its_last() => Histories.Sample(looks =>
    {
        var last = new Dictionary<Pressures, DateTimeOffset>();
        Play(looks, (figures, plan, now) =>
        {
            foreach (var threshold in All.Where(t => t.IsMet(figures, withReclaim: false)))
            {
                last[Signals.PressureOf(threshold.Signal)] = now;
            }

            foreach (var pressure in (Pressures[])[Pressures.Memory, Pressures.Pid])
            {
                Assert.Equal(last.TryGetValue(pressure, out var seen) && now - seen < Transition, plan.Pressures.HasFlag(pressure));
            }
        });
    });

    [Fact]
    public void Something_is_done_at_once_where_a_hard_threshold_is_crossed_and_never_where_none_is() => Histories.Sample(looks => Play(looks, (figures, plan, _) =>
    {
        Assert.All(All.Where(t => t.IsHard && t.IsMet(figures, withReclaim: false)), t => Assert.Contains(t, plan.Due));
        Assert.All(plan.Due, t => Assert.True(t.IsMet(figures, withReclaim: true)));
        Assert.Equal(plan.Due.OrderBy(t => t.Signal != Signal.MemoryAvailable), plan.Due);
    }));

    [Fact]
    public void A_soft_threshold_waits_for_its_grace_without_a_break() => Histories.Sample(looks =>
    {
        var soft = All.Single(t => !t.IsHard);
        DateTimeOffset? since = null;
        Play(looks, (figures, plan, now) =>
        {
            since = soft.IsMet(figures, withReclaim: false) ? since ?? now : null;
            Assert.Equal(since is { } begun && now - begun >= soft.Grace, plan.Due.Contains(soft));
        });
    });

    [Fact]
    public void What_was_acted_upon_stays_due_until_enough_is_left_again()
    {
        var first = Plan(PressureHistory.None, disk: 9, 0);
        var between = Plan(first.History, disk: 12, 10);
        var after = Plan(between.History, disk: 16, 20);
        var fresh = Plan(PressureHistory.None, disk: 12, 0);

        Assert.Equal([1, 1, 0, 0], ((PressurePlan[])[first, between, after, fresh]).Select(p => p.Due.Count));
    }

    private static PressurePlan Plan(PressureHistory before, int disk, int seconds) =>
        PressurePlan.For(before, All, FakeFigures.Of(FakeFigures.Gigabyte, disk * FakeFigures.Gigabyte), Transition, Start.AddSeconds(seconds));

    private static void Play((int Memory, int Disk, int Seconds)[] looks, Action<MachineFigures, PressurePlan, DateTimeOffset> check)
    {
        var (history, now) = (PressureHistory.None, Start);
        foreach (var (memory, disk, seconds) in looks)
        {
            now = now.AddSeconds(seconds);
            var figures = FakeFigures.Of((long)memory << 20, disk * FakeFigures.Gigabyte);
            var plan = PressurePlan.For(history, All, figures, Transition, now);
            check(figures, plan, now);
            history = plan.History;
        }
    }
}

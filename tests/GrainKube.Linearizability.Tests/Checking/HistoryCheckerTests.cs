using GrainKube.Linearizability.Tests.History;
using Xunit;

namespace GrainKube.Linearizability.Tests.Checking;

/// <summary>The checker finds the faults that it is there for, and nothing in a history that holds.</summary>
public sealed class HistoryCheckerTests
{
    // x: created at 10 (v1), updated at 20 (v2), deleted at 30, created at 40 (v3).
    private static readonly Truth World = new(
    [
        new("ADDED", "x", "v1", 10), new("MODIFIED", "x", "v2", 20), new("DELETED", "x", "v2", 30), new("ADDED", "x", "v3", 40),
    ]);

    private static readonly Operation[] Writes =
    [
        Op(OperationKind.Create, 0, 5) with { Value = "v1", Revision = 10 },
        Op(OperationKind.Update, 10, 15) with { Value = "v2", Revision = 20, Expected = 10 },
        Op(OperationKind.Delete, 20, 25),
        Op(OperationKind.Create, 30, 35) with { Value = "v3", Revision = 40 },
    ];

    [Fact]
    public void A_history_that_holds_is_not_complained_of() => Assert.Empty(Check(
        Get(6, 9, new("v1", 10)),
        Get(11, 14, new("v1", 10)),
        Get(11, 14, new("v2", 20)),
        Get(21, 24, null),
        List(36, 40, 40, new("v3", 40)),
        Op(OperationKind.Create, 16, 18) with { Value = "no", Outcome = Outcome.AlreadyExists },
        Op(OperationKind.Update, 16, 18) with { Value = "no2", Outcome = Outcome.Conflict, Expected = 10 },
        Op(OperationKind.Patch, 26, 28) with { Value = "no3", Outcome = Outcome.NotFound },
        Op(OperationKind.Patch, 50, 60) with { Value = "who knows", Outcome = Outcome.Unknown }));

    [Fact]
    public void A_stale_read_is_found() => Finds("not (any more)", Get(16, 18, new("v1", 10)));

    [Fact]
    public void A_read_older_than_another_clients_read_is_found() => Finds("not (any more)", Get(11, 12, new("v2", 20)), Get(13, 14, new("v1", 10)));

    [Fact]
    public void A_read_of_what_was_not_yet_written_is_found() => Finds("not yet there", Get(6, 9, new("v2", 20)));

    [Fact]
    public void An_absence_that_never_was_is_found() => Finds("not yet there", Get(6, 9, null));

    [Fact]
    public void A_stale_list_is_found() => Finds("outside of 20", List(16, 18, 15, new("v1", 10)));

    [Fact]
    public void A_list_that_mixes_revisions_is_found() => Finds("not what there was", List(16, 18, 20, new("v1", 10)));

    [Fact]
    public void A_write_that_was_lost_is_found() => Finds("is lost", Op(OperationKind.Patch, 50, 60) with { Value = "v4", Revision = 50 });

    [Fact]
    public void A_lost_update_is_found()
    {
        // Both were made for revision 10, both were acknowledged.
        var world = new Truth([new("ADDED", "x", "v1", 10), new("MODIFIED", "x", "a", 20), new("MODIFIED", "x", "b", 30)]);
        var found = HistoryChecker.Check(world,
        [
            Writes[0],
            Op(OperationKind.Update, 10, 20) with { Value = "a", Revision = 20, Expected = 10 },
            Op(OperationKind.Update, 10, 20) with { Value = "b", Revision = 30, Expected = 10 },
        ]);
        Assert.Contains("overwrote", Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_write_that_happened_is_found()
    {
        var found = HistoryChecker.Check(World, [.. Writes[..3], Writes[3] with { Outcome = Outcome.AlreadyExists, Revision = 0 }]);
        Assert.Contains(found, f => f.Contains("was refused, and happened", StringComparison.Ordinal));
    }

    [Fact]
    public void A_write_that_happened_twice_is_found()
    {
        var world = new Truth([new("ADDED", "x", "v1", 10), new("MODIFIED", "x", "v2", 20), new("MODIFIED", "x", "v2", 30)]);
        Assert.Contains(HistoryChecker.Check(world, Writes[..2]), f => f.Contains("happened twice", StringComparison.Ordinal));
    }

    [Fact]
    public void A_change_of_nobodys_is_found() => Assert.Contains(HistoryChecker.Check(World, Writes[1..]), f => f.Contains("nobody wrote it", StringComparison.Ordinal));

    [Fact]
    public void A_delete_that_did_nothing_is_found() => Finds("nothing was deleted", Op(OperationKind.Delete, 36, 40));

    [Fact]
    public void A_deletion_of_nobodys_is_found()
    {
        var found = HistoryChecker.Check(World, [Writes[0], Writes[1], Writes[3]]);
        Assert.Contains("deleted more often", Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_delete_that_happened_is_found()
    {
        var found = HistoryChecker.Check(World, [Writes[0], Writes[1], Writes[2] with { Outcome = Outcome.NotFound }, Writes[3]]);
        Assert.Contains(found, f => f.Contains("deleted more often", StringComparison.Ordinal));
    }

    [Fact]
    public void A_conflict_without_cause_is_found() => Finds("always was what", Op(OperationKind.Update, 6, 9) with { Value = "no", Outcome = Outcome.Conflict, Expected = 10 });

    [Fact]
    public void A_write_out_of_its_time_is_found()
    {
        // Acknowledged after a later revision was known to somebody.
        var world = new Truth([new("ADDED", "x", "v1", 10), new("ADDED", "y", "w1", 20)]);
        var found = HistoryChecker.Check(world, [Op(OperationKind.Create, 0, 5) with { Key = "y", Value = "w1", Revision = 20 }, Op(OperationKind.Create, 10, 15) with { Value = "v1", Revision = 10 }]);
        Assert.Contains(found, f => f.Contains("outside of its time", StringComparison.Ordinal));
    }

    [Fact]
    public void A_whole_watch_is_not_complained_of() => Assert.Null(WatchChecker.Check(World, 10, [.. World.Changes.Skip(1)]));

    [Fact]
    public void Gaps_repeats_disorder_and_inventions_in_a_watch_are_found()
    {
        var all = World.Changes;
        Assert.Contains("came before it", WatchChecker.Check(World, 0, [all[0], all[2], all[3]]), StringComparison.Ordinal);
        Assert.Contains("not told", WatchChecker.Check(World, 0, [all[0], all[1]]), StringComparison.Ordinal);
        Assert.Contains("twice", WatchChecker.Check(World, 0, [all[0], all[1], all[1], all[2], all[3]]), StringComparison.Ordinal);
        Assert.Contains("came before it", WatchChecker.Check(World, 0, [all[1], all[0], all[2], all[3]]), StringComparison.Ordinal);
        Assert.Contains("never happened", WatchChecker.Check(World, 0, [.. all, new("ADDED", "x", "v9", 90)]), StringComparison.Ordinal);
        Assert.Contains("never happened", WatchChecker.Check(World, 0, [all[0] with { Type = "MODIFIED" }, .. all.Skip(1)]), StringComparison.Ordinal);
    }

    private static void Finds(string complaint, params Operation[] more) => Assert.Contains(Check(more), found => found.Contains(complaint, StringComparison.Ordinal));

    private static IReadOnlyList<string> Check(params Operation[] more) => HistoryChecker.Check(World, [.. Writes, .. more]);

    private static Operation Op(OperationKind kind, long start, long end) => new(kind, "x", start, end, Outcome.Done);

    private static Operation Get(long start, long end, ItemVersion? found) =>
        Op(OperationKind.Get, start, end) with { Revision = found?.Revision ?? 0, Found = found is { } one ? new Dictionary<string, ItemVersion> { ["x"] = one } : [] };

    private static Operation List(long start, long end, long revision, ItemVersion? found) => Get(start, end, found) with { Kind = OperationKind.List, Revision = revision };
}

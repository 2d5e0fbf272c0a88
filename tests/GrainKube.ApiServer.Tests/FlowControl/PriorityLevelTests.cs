using GrainKube.ApiServer.FlowControl;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.ApiServer.Tests.FlowControl;

public sealed class PriorityLevelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly LevelSettings Queued = new(false, 10, 0, null, 64, 6, 2);
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task Seats_are_taken_at_once_and_the_next_waits_for_one()
    {
        var level = Level(Queued, 2);
        var first = await EnterAsync(level, "a");
        await EnterAsync(level, "a");
        var waiting = EnterAsync(level, "a");
        Assert.False(waiting.IsCompleted);
        Assert.Equal((2, 1), (level.InUse, level.Waiting));
        first.Leave();
        Assert.Same(level, (await waiting).Level);
        Assert.Equal((2, 0), (level.InUse, level.Waiting));
    }

    [Fact]
    public async Task Who_finds_its_queue_full_or_waits_too_long_is_refused()
    {
        var level = Level(Queued with { HandSize = 1 }, 1);
        var seat = await EnterAsync(level, "a");
        var waiting = new[] { EnterAsync(level, "a"), EnterAsync(level, "a") };
        Assert.Null((await EnterAsync(level, "a")).Level);
        time.Advance(Patience);
        Assert.All(await Task.WhenAll(waiting), s => Assert.Null(s.Level));
        Assert.Equal(0, level.Waiting);
        seat.Leave();
        Assert.Equal(0, level.InUse);
    }

    [Fact]
    public async Task A_level_without_queues_refuses()
    {
        var level = Level(Queued with { Queues = 0 }, 1);
        var seat = await EnterAsync(level, "a");
        Assert.Null((await EnterAsync(level, "b")).Level);
        seat.Leave();
        Assert.NotNull((await EnterAsync(level, "b")).Level);
    }

    [Fact]
    public async Task An_exempt_level_never_waits()
    {
        var level = Level(new LevelSettings(true, 0, 0, null, 0, 0, 0), 0);
        for (var i = 0; i < 100; i++)
        {
            Assert.NotNull((await EnterAsync(level, "a")).Level);
        }
    }

    [Fact]
    public async Task A_flow_that_asks_for_much_does_not_take_from_one_that_asks_for_little()
    {
        var level = Level(Queued with { QueueLength = 50, Queues = 2, HandSize = 1 }, 1);
        var (greedy, modest) = TwoFlows(2);
        var seat = await EnterAsync(level, greedy);
        var many = Enumerable.Range(0, 10).Select(_ => EnterAsync(level, greedy)).ToList();
        var few = EnterAsync(level, modest);
        var seated = new List<Task<Seats>>();
        while (!seated.Contains(few) && seated.Count < 2)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            seat.Leave();
            seated.Add(await Task.WhenAny([few, .. many.Except(seated)]));
            seat = await seated[^1];
        }

        Assert.Contains(few, seated);
    }

    [Fact]
    public async Task Who_is_wider_than_the_level_waits_until_it_is_empty()
    {
        var level = Level(Queued, 2);
        var seat = await EnterAsync(level, "a");
        var wide = EnterAsync(level, "b", width: 5);
        Assert.False(wide.IsCompleted);
        seat.Leave();
        (await wide).Leave();
        Assert.Equal(0, level.InUse);
    }

    [Fact]
    public async Task A_client_that_leaves_gives_its_place_up()
    {
        var level = Level(Queued, 1);
        var seat = await EnterAsync(level, "a");
        using var gone = new CancellationTokenSource();
        var waiting = level.EnterAsync(1, new FlowIdentity("s", "a"), Patience, gone.Token).AsTask();
        await gone.CancelAsync();
        Assert.Null((await waiting).Level);
        Assert.Equal(0, level.Waiting);
        seat.Leave();
    }

    [Fact]
    public async Task More_seats_let_more_in()
    {
        var level = Level(Queued, 1);
        await EnterAsync(level, "a");
        var waiting = EnterAsync(level, "b");
        Assert.Equal(2, level.TakeDemand());
        level.SetLimit(2);
        Assert.NotNull((await waiting).Level);
    }

    [Fact]
    public async Task Seats_may_stay_taken_for_a_while()
    {
        var level = Level(Queued, 2);
        var seats = await EnterAsync(level, "a", width: 2);
        seats.Leave(TimeSpan.FromMilliseconds(10));
        var waiting = EnterAsync(level, "b");
        Assert.Equal((2, 1), (level.InUse, level.Waiting));
        time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.NotNull((await waiting).Level);
        Assert.Equal(1, level.InUse);
    }

    private PriorityLevel Level(LevelSettings settings, int seats)
    {
        var level = new PriorityLevel("level", time);
        level.Configure(settings, seats);
        return level;
    }

    private static Task<Seats> EnterAsync(PriorityLevel level, string flow, int width = 1) => level.EnterAsync(width, new FlowIdentity("s", flow), Patience, CancellationToken.None).AsTask();

    /// <summary>Two flows that were dealt different queues.</summary>
    private static (string, string) TwoFlows(int queues)
    {
        var byQueue = Enumerable.Range(0, 1000).Select(i => $"flow-{i}").GroupBy(flow =>
        {
            var hand = new int[1];
            Dealer.Deal(new FlowIdentity("s", flow).Entropy, queues, hand);
            return hand[0];
        }).Take(2).ToList();
        return (byQueue[0].First(), byQueue[1].First());
    }
}

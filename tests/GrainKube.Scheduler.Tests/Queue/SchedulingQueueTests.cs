using GrainKube.Scheduler.Queue;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.Scheduler.Tests.Queue;

public sealed class SchedulingQueueTests
{
    private readonly SchedulerWorld world = new();
    private readonly FakeTimeProvider time = new();
    private readonly SchedulingQueue queue;

    public SchedulingQueueTests() => queue = new SchedulingQueue(time);

    [Fact]
    public void Higher_priority_goes_first_then_who_came_first()
    {
        foreach (var (name, priority) in new[] { ("a", 0), ("b", 10), ("c", 0), ("d", 10), ("last", int.MinValue) })
        {
            queue.Put(world.Pod(name, spec: $"\"priority\":{priority}"));
        }

        Assert.Equal(["b", "d", "a", "c", "last"], Drain());
    }

    [Fact]
    public void Unschedulable_pods_wait_for_the_cluster_and_for_their_back_off()
    {
        Refuse("a");
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(queue.Ripen());
        Assert.Null(queue.Next());

        queue.Wake((_, _) => true);
        queue.Ripen();
        Assert.Equal(["a"], Drain());
        queue.Unschedulable("a", 0);
        queue.Wake((_, _) => true);
        Assert.Equal(time.GetUtcNow().AddSeconds(2), queue.Ripen());
        Assert.Null(queue.Next());
        time.Advance(TimeSpan.FromSeconds(2));
        queue.Ripen();
        Assert.Equal(["a"], Drain());
    }

    [Fact]
    public void Back_off_doubles_up_to_ten_seconds()
    {
        queue.Put(world.Pod("a"));
        foreach (var seconds in new[] { 1, 2, 4, 8, 10, 10 })
        {
            Assert.Equal(["a"], Drain());
            Assert.True(queue.Failed("a"));
            Assert.Equal(time.GetUtcNow().AddSeconds(seconds), queue.Ripen());
            time.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Null(queue.Ripen());
        }
    }

    [Fact]
    public void A_status_change_wakes_nobody_and_another_spec_does()
    {
        Refuse("a");
        queue.Put(world.Pod("a"));
        Assert.Null(queue.Next());

        queue.Put(world.Pod("a", spec: """ "tolerations":[{"operator":"Exists"}]"""));
        Assert.Equal(["a"], Drain());
    }

    [Fact]
    public void What_is_being_bound_is_not_tried_a_second_time()
    {
        queue.Put(world.Pod("a"));
        Assert.Equal(["a"], Drain());

        queue.Put(world.Pod("a", spec: "\"priority\":5"));

        Assert.Null(queue.Next());
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void Removed_pods_are_not_tried_and_their_failures_are_nobodys()
    {
        queue.Put(world.Pod("a"));
        queue.Put(world.Pod("b"));
        queue.Remove("b");
        Assert.Equal(["a"], Drain());
        queue.Remove("a");

        Assert.False(queue.Failed("a"));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Only_pods_that_may_fit_now_are_woken()
    {
        Refuse("a", refusedBy: 1);
        Refuse("b", refusedBy: 2);

        queue.Wake((_, refusedBy) => refusedBy == 2);
        time.Advance(TimeSpan.FromSeconds(1));
        queue.Ripen();

        Assert.Equal(["b"], Drain());
    }

    [Fact]
    public void A_pod_for_which_room_is_made_is_not_tried_before_and_forgets_no_wake_up()
    {
        queue.Put(world.Pod("a"));
        Drain();
        queue.Hold("a", 0);
        queue.Wake((_, _) => true);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(queue.Ripen());
        Assert.Empty(Drain());

        queue.Release("a", retry: false);
        queue.Ripen();
        Assert.Equal(["a"], Drain());
    }

    [Theory]
    [InlineData(true, "a")]
    [InlineData(false, "")]
    public void Where_no_room_could_be_made_the_pod_is_tried_again(bool failed, string tried)
    {
        queue.Put(world.Pod("a"));
        Drain();
        queue.Hold("a", 0);
        time.Advance(TimeSpan.FromSeconds(1));

        queue.Release("a", retry: failed);
        queue.Ripen();

        Assert.Equal(tried, string.Join(',', Drain()));
    }

    private void Refuse(string name, ulong refusedBy = 0)
    {
        queue.Put(world.Pod(name));
        Assert.Equal(name, queue.Next()!.Uid);
        queue.Unschedulable(name, refusedBy);
    }

    private List<string> Drain()
    {
        var names = new List<string>();
        while (queue.Next() is { } pod)
        {
            names.Add(pod.Uid);
        }

        return names;
    }
}

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
        foreach (var (name, priority) in new[] { ("a", 0), ("b", 10), ("c", 0), ("d", 10) })
        {
            queue.Put(world.Pod(name, spec: $"\"priority\":{priority}"));
        }

        Assert.Equal(["b", "d", "a", "c"], Drain());
    }

    [Fact]
    public void Unschedulable_pods_wait_for_the_cluster_and_for_their_back_off()
    {
        Refuse("a");
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(queue.Ripen());
        Assert.Null(queue.Next());

        queue.ClusterChanged();
        queue.Ripen();
        Assert.Equal(["a"], Drain());
        queue.Unschedulable("a");
        queue.ClusterChanged();
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

    private void Refuse(string name)
    {
        queue.Put(world.Pod(name));
        Assert.Equal(name, queue.Next()!.Uid);
        queue.Unschedulable(name);
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

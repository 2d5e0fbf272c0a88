using CsCheck;
using Docker.DotNet.Models;
using GrainKube.Docker.Containers;
using GrainKube.Kubelet.Runtime;
using ContainerState = GrainKube.Kubelet.Runtime.ContainerState;

namespace GrainKube.Docker.Tests.Containers;

public sealed class InspectedStatesTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly InspectedStates states = new();

    [Fact]
    public void What_was_inspected_is_believed_while_the_list_shows_the_same()
    {
        states.Keep(states.Begin(), State(ContainerPhase.Running));

        Assert.NotNull(Find("running", "Up 10 seconds"));
        Assert.Null(Find("running", "Up 1 second"));
        Assert.Null(Find("exited", "Exited (0) 10 seconds ago"));
        Assert.Null(Find("paused", "Up 10 seconds (Paused)"));
    }

    [Fact]
    public void An_end_is_believed_with_its_code()
    {
        states.Keep(states.Begin(), State(ContainerPhase.Exited) with { ExitCode = 3 });

        Assert.NotNull(Find("exited", "Exited (3) 10 seconds ago"));
        Assert.Null(Find("exited", "Exited (4) 10 seconds ago"));
        Assert.Null(Find("running", "Up 10 seconds"));
    }

    [Fact]
    public void A_container_that_may_still_be_started_is_inspected_each_time()
    {
        states.Keep(states.Begin(), State(ContainerPhase.Created));

        Assert.Null(Find("created", "Created"));
    }

    [Fact]
    public void What_the_list_lost_is_forgotten()
    {
        states.Keep(states.Begin(), State(ContainerPhase.Running));
        states.Forget(states.Begin(), []);

        Assert.Null(Find("running", "Up 10 seconds"));
    }

    /// <summary>
    /// The world and its readers in any order: whatever is found in the cache is what the container is, because the change's doubt comes after the change and drops every reading that began before it.
    /// </summary>
    [Fact]
    public void No_order_of_readings_and_changes_leaves_an_old_state_behind() => Gen.Int[0, 5].Array[0, 40].Sample(steps =>
    {
        var cache = new InspectedStates();
        var (truth, doubted) = (0, true);
        var readings = new List<(long Began, int Saw)>();
        foreach (var step in steps)
        {
            switch (step)
            {
                case 0: // the engine changes the container, and tells later
                    (truth, doubted) = (truth + 1, false);
                    break;
                case 1:
                    cache.Doubt("c");
                    doubted = true;
                    break;
                case 2:
                    cache.DoubtAll();
                    doubted = true;
                    break;
                case 3:
                    readings.Add((cache.Begin(), truth));
                    break;
                case > 3 when readings.Count > 0:
                    var (began, saw) = readings[step == 4 ? 0 : ^1];
                    readings.Remove((began, saw));
                    cache.Keep(began, State(ContainerPhase.Running) with { Attempt = saw });
                    break;
            }

            if (doubted && cache.Find(Line("running", "Up 10 seconds"), Now, Now) is { } found)
            {
                Assert.Equal(truth, found.Attempt);
            }
        }
    });

    private static ContainerListResponse Line(string state, string status) => new() { ID = "c", State = state, Status = status };

    private static ContainerState State(ContainerPhase phase) => new()
    {
        Id = "c", SandboxId = "s", PodUid = "p", Namespace = "default", PodName = "web", Name = "main", Attempt = 0, Phase = phase, Image = "i", ImageId = "i",
        CreatedAt = Now, StartedAt = Now.AddSeconds(-10), FinishedAt = phase == ContainerPhase.Exited ? Now.AddSeconds(-10) : null,
    };

    private ContainerState? Find(string state, string status) => states.Find(Line(state, status), Now, Now);
}

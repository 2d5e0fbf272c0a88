using Docker.DotNet.Models;
using GrainKube.Kubelet.Runtime;
using PodContainerState = GrainKube.Kubelet.Runtime.ContainerState;

namespace GrainKube.Docker.Containers;

/// <summary>
/// What inspecting said of containers, kept for as long as it must still be so: the engine's list shows the same state, exit code and age, and neither an event nor an action of ours
/// has cast a doubt since. So a look at all pods costs one call, however many run.
/// </summary>
internal sealed class InspectedStates
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, PodContainerState> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> doubts = new(StringComparer.Ordinal);
    private long clock;
    private long allDoubted;

    /// <summary>A reading begins; what is doubted from now on is not kept from it.</summary>
    public long Begin()
    {
        lock (gate)
        {
            return ++clock;
        }
    }

    /// <summary>Something happened to the container, or will have when the caller returns.</summary>
    public void Doubt(string id)
    {
        lock (gate)
        {
            doubts[id] = ++clock;
            known.Remove(id);
        }
    }

    /// <summary>Anything may have happened.</summary>
    public void DoubtAll()
    {
        lock (gate)
        {
            allDoubted = ++clock;
            known.Clear();
            doubts.Clear();
        }
    }

    /// <summary>Keeps what a reading found, unless it was doubted since the reading began.</summary>
    public void Keep(long reading, PodContainerState state)
    {
        lock (gate)
        {
            if (allDoubted < reading && doubts.GetValueOrDefault(state.Id) < reading)
            {
                known[state.Id] = state; // the doubt stays: an older reading may still be on its way
            }
        }
    }

    /// <summary>The state that is known of a container, if a line of the list agrees with it.</summary>
    /// <param name="line">What the list has.</param>
    /// <param name="asked">When the list was asked for.</param>
    /// <param name="answered">When it had been answered.</param>
    public PodContainerState? Find(ContainerListResponse line, DateTimeOffset asked, DateTimeOffset answered)
    {
        lock (gate)
        {
            return known.TryGetValue(line.ID, out var state) && Agrees(state, line, asked, answered) ? state : null;
        }
    }

    /// <summary>Forgets what a list that a reading made does not have any more.</summary>
    public void Forget(long reading, IEnumerable<string> listed)
    {
        var there = listed.ToHashSet(StringComparer.Ordinal);
        lock (gate)
        {
            foreach (var id in known.Keys.Where(id => !there.Contains(id)).ToList())
            {
                known.Remove(id);
            }

            foreach (var (id, _) in doubts.Where(doubt => doubt.Value < reading && !there.Contains(doubt.Key)).ToList())
            {
                doubts.Remove(id);
            }
        }
    }

    private static bool Agrees(PodContainerState state, ContainerListResponse line, DateTimeOffset asked, DateTimeOffset answered) => (line.State, state.Phase) switch
    {
        ("running", ContainerPhase.Running) => state.StartedAt is { } started && EngineAge.Parse(line.Status) is { } age && age.Fits(started, asked, answered),
        ("exited", ContainerPhase.Exited) => EngineAge.ExitCodeIn(line.Status) == state.ExitCode
            && state.FinishedAt is { } ended && EngineAge.Parse(line.Status) is { } age && age.Fits(ended, asked, answered),
        // It could not be started, and is not tried again.
        ("created", ContainerPhase.Exited) => true,
        _ => false,
    };
}

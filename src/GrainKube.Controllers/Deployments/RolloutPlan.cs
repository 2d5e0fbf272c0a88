namespace GrainKube.Controllers.Deployments;

/// <summary>The next step of a rollout: which ReplicaSets are to have how many replicas. Pure; each step is small and the next change wakes the next one.</summary>
internal static class RolloutPlan
{
    /// <summary>Scales while paused or when only the number of replicas changed: the one live set takes it all, several share in proportion to their size.</summary>
    /// <param name="replicas">Wanted replicas of the deployment.</param>
    /// <param name="surge">Pods that may be too many; 0 unless rolling.</param>
    /// <param name="current">The set of the present template, or null.</param>
    /// <param name="old">The others.</param>
    /// <returns>New sizes of the sets that change.</returns>
    public static Dictionary<Replicas, int> Scale(int replicas, int surge, Replicas? current, IReadOnlyList<Replicas> old)
    {
        var changes = new Dictionary<Replicas, int>();
        var all = current is null ? [.. old] : old.Append(current).ToList();
        var live = all.Where(r => r.Spec > 0).ToList();
        if (live.Count <= 1 && (live.Count == 1 ? live[0] : current ?? Latest(old)) is { } only)
        {
            Put(changes, only, replicas);
            return changes;
        }

        if (current is not null && IsSaturated(current, replicas))
        {
            foreach (var set in old)
            {
                Put(changes, set, 0);
            }

            return changes;
        }

        if (live.Count > 1)
        {
            Proportionally(changes, live, replicas, replicas > 0 ? replicas + surge : 0);
        }

        return changes;
    }

    /// <summary>A step of a rolling update: the new set up first; once nothing is left to add, old ones down as far as availability allows.</summary>
    public static Dictionary<Replicas, int> Roll(int replicas, int surge, int unavailable, Replicas current, IReadOnlyList<Replicas> old)
    {
        var changes = new Dictionary<Replicas, int>();
        var total = old.Sum(r => r.Spec) + current.Spec;
        var grown = current.Spec >= replicas ? replicas
            : total >= replicas + surge ? current.Spec
            : current.Spec + Math.Min(replicas + surge - total, replicas - current.Spec);
        if (grown != current.Spec)
        {
            Put(changes, current, grown);
            return changes;
        }

        var minimum = replicas - unavailable;
        var newUnavailable = current.Spec - current.Available;
        var removable = total - minimum - newUnavailable;
        if (old.Sum(r => r.Spec) == 0 || removable <= 0)
        {
            return changes;
        }

        // Pods that do not work go first: they cost no availability.
        var sizes = old.ToDictionary(r => r, r => r.Spec);
        foreach (var set in old.Where(r => r.Spec > 0).OrderBy(r => r.Created))
        {
            var down = Math.Min(removable, Math.Max(0, set.Spec - set.Available));
            sizes[set] -= down;
            removable -= down;
        }

        var available = old.Sum(r => Math.Min(r.Available, sizes[r])) + current.Available;
        var spare = available - minimum;
        foreach (var set in old.Where(r => sizes[r] > 0).OrderBy(r => r.Created))
        {
            if (spare <= 0)
            {
                break;
            }

            var down = Math.Min(spare, sizes[set]);
            sizes[set] -= down;
            spare -= down;
        }

        foreach (var (set, size) in sizes)
        {
            Put(changes, set, size);
        }

        return changes;
    }

    /// <summary>The set has all replicas, available, and knows it: old ones are not needed.</summary>
    public static bool IsSaturated(Replicas set, int replicas) =>
        set.Spec == replicas && set.Available == replicas
        && set.Annotations.TryGetValue(DeploymentAnnotations.DesiredReplicas, out var desired) && desired == replicas.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Old sets beyond the revision history limit, the oldest revisions first; those that still have pods, or whose size is not yet carried out, stay.</summary>
    public static IEnumerable<Replicas> Superfluous(IEnumerable<Replicas> old, int limit)
    {
        var standing = old.Where(r => r.Item.Header.DeletionTimestamp is null).OrderBy(r => r.Revision).ThenBy(r => r.Created).ToList();
        return standing.Take(Math.Max(0, standing.Count - limit)).Where(r => r is { Spec: 0, Actual: 0, IsObserved: true });
    }

    private static void Proportionally(Dictionary<Replicas, int> changes, List<Replicas> live, int replicas, int allowed)
    {
        var toAdd = allowed - live.Sum(r => r.Spec);
        if (toAdd == 0)
        {
            return;
        }

        // The largest first; among equals the newest when growing and the oldest when shrinking.
        var ordered = toAdd > 0
            ? live.OrderByDescending(r => r.Spec).ThenByDescending(r => r.Created).ToList()
            : [.. live.OrderByDescending(r => r.Spec).ThenBy(r => r.Created)];
        var left = toAdd;
        var sizes = new Dictionary<Replicas, int>();
        foreach (var set in ordered)
        {
            var before = set.Annotations.TryGetValue(DeploymentAnnotations.MaxReplicas, out var text)
                && int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var max) && max > 0 ? max : replicas;
            var fraction = (allowed == 0 ? 0 : (int)Math.Round((double)set.Spec * allowed / before, MidpointRounding.AwayFromZero)) - set.Spec;
            var change = toAdd > 0 ? Math.Min(Math.Max(fraction, 0), left) : Math.Max(Math.Min(fraction, 0), left);
            sizes[set] = set.Spec + change;
            left -= change;
        }

        sizes[ordered[0]] = Math.Max(0, sizes[ordered[0]] + left);
        foreach (var (set, size) in sizes)
        {
            Put(changes, set, size);
        }
    }

    private static Replicas? Latest(IReadOnlyList<Replicas> sets) => sets.MaxBy(r => r.Created);

    private static void Put(Dictionary<Replicas, int> changes, Replicas set, int size)
    {
        if (set.Spec != size)
        {
            changes[set] = size;
        }
    }
}

using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.GarbageCollection;

/// <summary>What is to be done with an object because of its owners. Pure.</summary>
/// <param name="Delete">How to delete it, or null to keep it.</param>
/// <param name="Drop">Owners whose references are to be taken out.</param>
internal sealed record DependentPlan(DeletePropagation? Delete, IReadOnlyList<OwnerReference> Drop)
{
    /// <param name="item">The dependent.</param>
    /// <param name="state">What became of each owner.</param>
    /// <param name="hasDependents">The dependent itself has dependents.</param>
    public static DependentPlan For(ObjectHeader item, Func<OwnerReference, OwnerState> state, Func<bool> hasDependents)
    {
        var owners = item.Owners.Select(o => (Owner: o, State: state(o))).ToList();
        if (owners.Count == 0 || owners.Any(o => o.State == OwnerState.Unknown))
        {
            return new DependentPlan(null, []);
        }

        var going = owners.Where(o => o.State is OwnerState.Absent or OwnerState.Waiting).Select(o => o.Owner).ToList();
        if (owners.Any(o => o.State == OwnerState.Solid))
        {
            return new DependentPlan(null, going);
        }

        if (item.DeletionTimestamp is not null)
        {
            return new DependentPlan(null, []);
        }

        if (owners.Any(o => o.State == OwnerState.Waiting) && hasDependents())
        {
            return new DependentPlan(DeletePropagation.Foreground, []);
        }

        return new DependentPlan(
            item.Finalizers.Contains(Finalizers.Orphan) ? DeletePropagation.Orphan
            : item.Finalizers.Contains(Finalizers.Foreground) ? DeletePropagation.Foreground
            : DeletePropagation.Background,
            []);
    }
}

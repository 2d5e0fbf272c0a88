using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.GarbageCollection;
using GrainKube.Objects.Writes;
using Xunit;

namespace GrainKube.Controllers.Tests.GarbageCollection;

public sealed class DependentPlanTests
{
    [Fact]
    public void One_solid_owner_keeps_it_and_dead_references_go()
    {
        var plan = For([OwnerState.Solid, OwnerState.Absent, OwnerState.Waiting]);

        Assert.Null(plan.Delete);
        Assert.Equal(["owner-1", "owner-2"], plan.Drop.Select(o => o.Name));
    }

    [Fact]
    public void All_owners_absent_deletes_in_the_background() => Assert.Equal(DeletePropagation.Background, For([OwnerState.Absent, OwnerState.Absent]).Delete);

    [Fact]
    public void Who_cannot_tell_keeps_it() => Assert.Null(For([OwnerState.Absent, OwnerState.Unknown]).Delete);

    [Fact]
    public void A_waiting_owner_deletes_dependents_of_dependents_first()
    {
        Assert.Equal(DeletePropagation.Foreground, For([OwnerState.Waiting], hasDependents: true).Delete);
        Assert.Equal(DeletePropagation.Background, For([OwnerState.Waiting]).Delete);
    }

    [Fact]
    public void Its_own_finalizers_say_how()
    {
        Assert.Equal(DeletePropagation.Orphan, For([OwnerState.Absent], finalizers: [Finalizers.Orphan]).Delete);
        Assert.Equal(DeletePropagation.Foreground, For([OwnerState.Absent], finalizers: [Finalizers.Foreground]).Delete);
    }

    [Fact]
    public void What_is_going_already_is_left_alone() => Assert.Null(For([OwnerState.Absent], deleted: true).Delete);

    private static DependentPlan For(OwnerState[] states, bool hasDependents = false, string[]? finalizers = null, bool deleted = false)
    {
        var owners = states.Select((_, i) => new OwnerReference("v1", "ConfigMap", $"owner-{i}", $"uid-{i}", false, true)).ToList();
        var header = new ObjectHeader
        {
            ApiVersion = "v1", Kind = "ConfigMap", Name = "child", Namespace = "n", Uid = "uid", Revision = 1, Owners = owners, Finalizers = finalizers ?? [],
            DeletionTimestamp = deleted ? DateTimeOffset.UnixEpoch : null,
        };
        return DependentPlan.For(header, o => states[owners.IndexOf(o)], () => hasDependents);
    }
}

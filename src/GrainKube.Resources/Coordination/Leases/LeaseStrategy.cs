using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Coordination.Leases;

/// <summary>
/// Drops what belongs to coordinated leader election, which no cluster has unless somebody switches it on
/// (upstream's gate CoordinatedLeaderElection, off in v1.37): who writes it hears nothing, and it is not there.
/// </summary>
internal sealed class LeaseStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope) => Drop(item);

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope) => Drop(next);

    private static void Drop(JsonObject item)
    {
        item.Object("spec")?.Remove("strategy");
        item.Object("spec")?.Remove("preferredHolder");
    }
}

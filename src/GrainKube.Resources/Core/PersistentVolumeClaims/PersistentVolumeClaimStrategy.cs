using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.PersistentVolumeClaims;

internal sealed class PersistentVolumeClaimStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope)
    {
        item["status"] = new JsonObject { ["phase"] = "Pending" };
        ClaimSources.Settle(item.Object("spec"), null);
    }

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope) => ClaimSources.Settle(next.Object("spec"), current.Object("spec"));
}

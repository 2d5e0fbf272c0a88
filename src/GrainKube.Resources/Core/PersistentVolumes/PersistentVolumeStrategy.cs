using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.PersistentVolumes;

internal sealed class PersistentVolumeStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope) => item["status"] = new JsonObject { ["phase"] = "Pending" };
}

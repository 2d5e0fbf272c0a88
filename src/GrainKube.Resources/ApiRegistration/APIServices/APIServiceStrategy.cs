using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Resources.ApiRegistration.APIServices;

/// <summary>What this server serves itself is available from the moment that it is said.</summary>
internal sealed class APIServiceStrategy(TimeProvider time) : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope)
    {
        item.Remove("status");
        if (item.Object("spec")?["service"] is null)
        {
            item["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Available",
                ["status"] = "True",
                ["lastTransitionTime"] = GoTime.Format(time.GetUtcNow()),
                ["reason"] = "Local",
                ["message"] = "Local APIServices are always available",
            }) };
        }
    }
}

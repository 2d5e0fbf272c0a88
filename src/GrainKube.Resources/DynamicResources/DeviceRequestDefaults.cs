using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.DynamicResources;

/// <summary>A request is for one device unless it says otherwise.</summary>
/// <param name="path">Where the claim's spec is, in a claim or in a template of one.</param>
internal sealed class DeviceRequestDefaults(params string[] path) : IDefaults
{
    public void Apply(JsonObject item)
    {
        foreach (var request in path.Aggregate<string, JsonObject?>(item, (place, name) => place.Object(name)).Object("devices").Objects("requests"))
        {
            if (request.Object("exactly") is { } exactly)
            {
                Devices(exactly);
            }

            foreach (var alternative in request.Objects("firstAvailable"))
            {
                Devices(alternative);
            }
        }
    }

    private static void Devices(JsonObject request)
    {
        request.DefaultTo("allocationMode", "ExactCount");
        if (request.Text("allocationMode") == "ExactCount")
        {
            request.DefaultZeroTo("count", 1);
        }

        foreach (var toleration in request.Objects("tolerations"))
        {
            toleration.DefaultTo("operator", "Equal");
        }
    }
}

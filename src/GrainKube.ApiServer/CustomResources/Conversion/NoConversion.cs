using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.CustomResources.Conversion;

/// <summary>Strategy <c>None</c>: versions differ in their name alone.</summary>
internal sealed class NoConversion : IVersionConversion
{
    public static readonly NoConversion Instance = new();

    private NoConversion()
    {
    }

    public void Convert(IReadOnlyList<JsonObject> items, string apiVersion)
    {
        foreach (var item in items)
        {
            item["apiVersion"] = apiVersion;
        }
    }
}

using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Admission.PodSecurity;

/// <summary>Tells changes of a pod that concern its security from others. Pods that break a level that came after them can still be labelled and finished.</summary>
internal static class PodChange
{
    private static readonly string[] Fixed = ["containers", "initContainers"];

    public static bool Matters(JsonObject next, JsonObject? current) =>
        Fixed.Any(list => !Images(next, list).SequenceEqual(Images(current, list))) || Images(next, "ephemeralContainers").Except(Images(current, "ephemeralContainers")).Any();

    private static IEnumerable<(string? Name, string? Image)> Images(JsonObject? pod, string list) =>
        (pod?["spec"]?[list] as JsonArray ?? []).Select(c => ((string?)c?["name"], (string?)c?["image"]));
}

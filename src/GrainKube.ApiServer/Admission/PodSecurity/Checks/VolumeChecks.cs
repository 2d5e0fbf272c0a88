using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Admission.PodSecurity.Checks;

/// <summary>What kinds of volumes a pod may bring along.</summary>
internal static class VolumeChecks
{
    private static readonly string[] Free = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];

    public static IReadOnlyList<SecurityCheck> All { get; } = [new("restrictedVolumes", SecurityLevel.Restricted, [new(0, Restricted)], "hostPathVolumes")];

    private static SecurityViolation? Restricted(CheckedPod pod)
    {
        var wrong = pod.Volumes.Where(v => !Array.Exists(Free, type => v[type] is not null)).ToArray();
        var names = wrong.Select(v => (string?)v["name"] ?? "").ToArray();
        var types = Wording.Sorted(wrong.Select(TypeOf));
        return names.Length == 0 ? null : new(
            "restricted volume types",
            $"{Wording.Plural("volume", "volumes", names.Length)} {Wording.Quoted(names)} {Wording.Plural("uses", "use", names.Length)} "
                + $"{Wording.Plural("restricted volume type", "restricted volume types", types.Length)} {Wording.Quoted(types)}");
    }

    private static string TypeOf(JsonObject volume) => volume.FirstOrDefault(field => field.Key != "name" && field.Value is JsonObject).Key ?? "unknown";
}

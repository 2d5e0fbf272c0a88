using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Pods;

/// <summary>The annotation that named a container's AppArmor profile before there was a field: at a pod's creation it becomes the field. Source: KEP-24, version skew.</summary>
internal static class AppArmorAnnotations
{
    private const string Prefix = "container.apparmor.security.beta.kubernetes.io/";
    private const string Localhost = "localhost/";
    private const int LongestPath = 4095;

    public static void ToFields(JsonObject pod, WriteScope scope)
    {
        var spec = pod.Object("spec");
        if (pod.Object("metadata").Object("annotations") is not { Count: > 0 } annotations || spec.Object("os").Text("name") == "windows")
        {
            return;
        }

        var ofPod = spec.Object("securityContext").Object("appArmorProfile");
        foreach (var container in spec.Objects("initContainers").Concat(spec.Objects("containers")))
        {
            var key = Prefix + container.Text("name");
            if (ProfileOf(annotations.Text(key)) is { } profile && container.Object("securityContext").Object("appArmorProfile") is null && !JsonNode.DeepEquals(profile, ofPod))
            {
                container.Ensure("securityContext")["appArmorProfile"] = profile;
                scope.Warnings.Add($"metadata.annotations[{key}]: deprecated since v1.30; use the \"appArmorProfile\" field instead");
            }
        }
    }

    /// <summary>Null where the annotation names none that a field could.</summary>
    private static JsonObject? ProfileOf(string annotation) => annotation switch
    {
        "unconfined" => new JsonObject { ["type"] = "Unconfined" },
        "runtime/default" => new JsonObject { ["type"] = "RuntimeDefault" },
        _ when annotation.StartsWith(Localhost, StringComparison.Ordinal) && annotation[Localhost.Length..] is { Length: > 0 and <= LongestPath } name && name.Trim() == name =>
            new JsonObject { ["type"] = "Localhost", ["localhostProfile"] = name },
        _ => null,
    };
}

using System.Text;
using GrainKube.Kubelet.Pods;

namespace GrainKube.Kubelet.Environment;

/// <summary>Reads the fields of a pod that the downward API offers.</summary>
internal static class FieldReader
{
    /// <param name="pod">The pod.</param>
    /// <param name="path">For example <c>metadata.labels['app']</c>.</param>
    /// <exception cref="ConfigException">The field is not offered.</exception>
    public static string Read(PodContext pod, string path)
    {
        var metadata = pod.Pod.Metadata;
        if (Subscript(path) is var (map, key))
        {
            return map switch
            {
                "metadata.labels" => metadata.Labels?.TryGetValue(key, out var label) == true ? label : "",
                "metadata.annotations" => metadata.Annotations?.TryGetValue(key, out var annotation) == true ? annotation : "",
                _ => throw new ConfigException($"field path not supported: {path}"),
            };
        }

        return path switch
        {
            "metadata.name" => metadata.Name,
            "metadata.namespace" => metadata.NamespaceProperty,
            "metadata.uid" => metadata.Uid,
            "metadata.labels" => Lines(metadata.Labels),
            "metadata.annotations" => Lines(metadata.Annotations),
            "spec.nodeName" => pod.Spec.NodeName,
            "spec.serviceAccountName" => pod.Spec.ServiceAccountName ?? "",
            "status.hostIP" or "status.hostIPs" => pod.Node.Options.NodeIp,
            "status.podIP" or "status.podIPs" => PodIp(pod),
            _ => throw new ConfigException($"field path not supported: {path}"),
        };
    }

    public static string PodIp(PodContext pod) =>
        pod.Spec.HostNetwork == true ? pod.Node.Options.NodeIp : pod.Runtime.Sandbox?.Ip ?? pod.Pod.Status?.PodIP ?? "";

    private static (string Map, string Key)? Subscript(string path)
    {
        var open = path.IndexOf("['", StringComparison.Ordinal);
        return open > 0 && path.EndsWith("']", StringComparison.Ordinal) ? (path[..open], path[(open + 2)..^2]) : null;
    }

    /// <summary>A map as a file shows it: a line each, sorted, values quoted.</summary>
    private static string Lines(IDictionary<string, string>? map) =>
        string.Join('\n', (map ?? new Dictionary<string, string>()).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={Quote(p.Value)}"));

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}

using System.Globalization;
using GrainKube.Kubelet.Probes;
using k8s.Models;

namespace GrainKube.Kubelet.Hooks;

/// <summary>Resolves whom an HTTP or TCP action of a probe or hook speaks to.</summary>
internal static class HandlerTargets
{
    public static HttpProbe Http(V1HTTPGetAction http, V1Container container, string podIp) => new(
        http.Scheme is { Length: > 0 } scheme ? scheme : "HTTP",
        http.Host is { Length: > 0 } host ? host : podIp,
        Port(http.Port, container),
        http.Path ?? "/",
        [.. (http.HttpHeaders ?? []).Select(h => KeyValuePair.Create(h.Name, h.Value ?? ""))]);

    /// <exception cref="FormatException">No port of the container has that name.</exception>
    public static int Port(IntOrString? port, V1Container container)
    {
        var text = port?.Value ?? "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        return (container.Ports ?? []).FirstOrDefault(p => p.Name == text)?.ContainerPort
            ?? throw new FormatException($"couldn't find port: \"{text}\" in pod container: {container.Name}");
    }
}

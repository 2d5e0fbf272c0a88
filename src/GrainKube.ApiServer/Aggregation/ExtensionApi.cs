using System.Text;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission.Webhooks;
using k8s.Models;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>A version of a group as an APIService registers it.</summary>
/// <param name="Name">Of the APIService: <c>VERSION.GROUP</c>.</param>
/// <param name="Group">The group.</param>
/// <param name="Version">The version.</param>
/// <param name="Target">The server that has it; null where that is this one.</param>
/// <param name="Available">Its condition says so.</param>
/// <param name="GroupPriority">The higher first among groups.</param>
/// <param name="VersionPriority">The higher first among versions of the group.</param>
internal sealed record ExtensionApi(string Name, string Group, string Version, ExtensionTarget? Target, bool Available, int GroupPriority, int VersionPriority)
{
    public static ExtensionApi Of(KubeObject item) => item.Derive(static made => Read(made.As<V1APIService>()));

    private static ExtensionApi Read(V1APIService item)
    {
        var spec = item.Spec;
        var target = spec.Service is { } service
            ? new ExtensionTarget(
                new WebhookService(service.NamespaceProperty, service.Name, service.Port ?? 443),
                spec.CaBundle is { Length: > 0 } pem ? Encoding.UTF8.GetString(pem) : "",
                spec.InsecureSkipTLSVerify == true)
            : null;
        var available = item.Status?.Conditions?.Any(c => c is { Type: "Available", Status: "True" }) == true;
        return new ExtensionApi(item.Metadata.Name, spec.Group ?? "", spec.Version, target, available, spec.GroupPriorityMinimum, spec.VersionPriority);
    }
}

/// <summary>A server of other APIs, and how it proves who it is.</summary>
/// <param name="Service">Where it listens.</param>
/// <param name="CaBundle">PEM; empty for the machine's own authorities.</param>
/// <param name="SkipsVerification">Whatever certificate it shows is taken.</param>
internal sealed record ExtensionTarget(WebhookService Service, string CaBundle, bool SkipsVerification)
{
    /// <summary>The name that its certificate must carry.</summary>
    public string ServerName => $"{Service.Name}.{Service.Namespace}.svc";

    /// <summary>Scheme, name and port of its URLs.</summary>
    public string Origin => $"https://{ServerName}:{Service.Port}";
}

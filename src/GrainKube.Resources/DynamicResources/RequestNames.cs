using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources;

/// <summary>The requests of a claim by name, and what may stand in for each of them.</summary>
internal sealed class RequestNames
{
    private const string Unknown = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    public RequestNames(V1DeviceClaim? claim)
    {
        foreach (var request in claim?.Requests ?? [])
        {
            names.Add(request.Name ?? "");
            names.UnionWith((request.FirstAvailable ?? []).Select(a => $"{request.Name}/{a.Name}"));
        }
    }

    public void Check(IList<string>? references, FieldErrors errors) => errors.EachOnce(references, DeviceClaimRules.MaximumRequests, r => r, Check);

    public void Check(string? reference, FieldErrors errors)
    {
        var parts = (reference ?? "").Split('/');
        if (parts.Length > 2)
        {
            errors.Invalid(reference, Unknown);
            return;
        }

        foreach (var part in parts)
        {
            DeviceNameRules.Label(part, errors);
        }

        if (!names.Contains(reference ?? ""))
        {
            errors.Invalid(reference ?? "", Unknown);
        }
    }
}

using System.Net;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Networking.IPAddresses;

/// <summary>The name is an address in its canonical form, and the parent is named; neither changes.</summary>
internal sealed class IPAddressValidator : IValidator<V1IPAddress>
{
    public void Validate(V1IPAddress item, FieldErrors errors)
    {
        var name = item.Metadata?.Name ?? "";
        if (NameRules.Ip(name).Count > 0 || !IPAddress.TryParse(name, out var address) || address.ToString() != name)
        {
            errors.At("metadata").At("name").Invalid(name, "must be a valid IP address in canonical form");
        }

        Parent(item.Spec?.ParentRef, errors.At("spec").At("parentRef"));
    }

    public void ValidateUpdate(V1IPAddress next, V1IPAddress current, FieldErrors errors)
    {
        var (parent, before) = (next.Spec?.ParentRef, current.Spec?.ParentRef);
        if ((parent?.Group ?? "", parent?.Resource, parent?.NamespaceProperty ?? "", parent?.Name) != (before?.Group ?? "", before?.Resource, before?.NamespaceProperty ?? "", before?.Name))
        {
            errors.At("spec").At("parentRef").Invalid(parent, "field is immutable");
        }
    }

    private static void Parent(V1ParentReference? parent, FieldErrors errors)
    {
        if (parent is null)
        {
            errors.Required();
            return;
        }

        if (!string.IsNullOrEmpty(parent.Group))
        {
            errors.At("group").Report(parent.Group, NameRules.DnsSubdomain(parent.Group));
        }

        if (string.IsNullOrEmpty(parent.Resource))
        {
            errors.At("resource").Required();
        }
        else
        {
            errors.At("resource").Report(parent.Resource, PathSegment(parent.Resource));
        }

        if (string.IsNullOrEmpty(parent.Name))
        {
            errors.At("name").Required();
        }
        else
        {
            errors.At("name").Report(parent.Name, PathSegment(parent.Name));
        }

        if (!string.IsNullOrEmpty(parent.NamespaceProperty))
        {
            errors.At("namespace").Report(parent.NamespaceProperty, PathSegment(parent.NamespaceProperty));
        }
    }

    private static IReadOnlyList<string> PathSegment(string text) =>
        text is "." or ".." ? [$"may not be '{text}'"] : text.Contains('/') ? ["may not contain '/'"] : text.Contains('%') ? ["may not contain '%'"] : [];
}

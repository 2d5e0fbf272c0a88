namespace GrainKube.ApiMachinery.Definitions;

/// <summary>Rules for <c>metadata.name</c>.</summary>
public enum NameFormat
{
    /// <summary>RFC 1123 subdomain, 253 characters: the rule for most kinds.</summary>
    DnsSubdomain,

    /// <summary>RFC 1123 label, 63 characters (Namespace, and since v1.36 Service).</summary>
    DnsLabel,

    /// <summary>Anything that can be one segment of a path (RBAC kinds).</summary>
    PathSegment,
}

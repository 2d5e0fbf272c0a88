using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiServer.Admission.Webhooks;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Authorization;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>A request as expressions see it; the same for all policies that look at it in one version. What none asks for is not made.</summary>
internal sealed class PolicyInput
{
    private readonly Lazy<CelValue> old;
    private readonly Lazy<CelValue> request;
    private readonly Lazy<CelValue> ns;

    /// <param name="asked">The request.</param>
    /// <param name="version">The version in which it is looked at.</param>
    /// <param name="item">The object in that version, as it is now: policies that edit see the work of those before them.</param>
    /// <param name="ns">The object's namespace, where it is in one.</param>
    /// <param name="checks">Answers what expressions ask of the authorizer.</param>
    public PolicyInput(AdmissionRequest asked, ServedVersion version, JsonObject? item, KubeObject? ns, AccessChecks checks)
    {
        Version = version;
        Object = CelJson.Read(item);
        old = new Lazy<CelValue>(() => CelJson.Read(Stored(asked, version)));
        request = new Lazy<CelValue>(() => CelJson.Read(RequestJson(asked, version)));
        this.ns = new Lazy<CelValue>(() => ns is null ? CelValue.Null : CelJson.Read(ns.ToNode()));
        Authorizer = CelAuthorizer.Of(checks.Decide);
        ResourceAuthorizer = CelAuthorizer.OfResource(
            new AccessCheck
            {
                Group = asked.Version.Group, Resource = asked.Key.Resource, Subresource = asked.Subresource, Namespace = asked.Namespace, Name = asked.Name,
            },
            checks.Decide);
    }

    public ServedVersion Version { get; }
    public CelValue Object { get; }
    public CelAuthorizer Authorizer { get; }
    public CelAuthorizer ResourceAuthorizer { get; }

    public CelValue OldObject() => old.Value;

    public CelValue Request() => request.Value;

    /// <summary>Null where the object is in none, or is one itself.</summary>
    public CelValue Namespace() => ns.Value;

    /// <summary>True where the object has another form in that version than it is stored in.</summary>
    public static bool Converts(AdmissionRequest asked, ServedVersion version) => asked.BodyKind is null && !ReferenceEquals(version, asked.Resource.Versions[0]);

    private static JsonObject? Stored(AdmissionRequest asked, ServedVersion version)
    {
        if (asked.Current is null || asked.BodyKind is not null)
        {
            return asked.Current;
        }

        var stored = ServedObjects.InVersion(asked.Current, version, Converts(asked, version));
        if (stored["metadata"] is JsonObject metadata)
        {
            metadata["resourceVersion"] = asked.Revision.ToString(CultureInfo.InvariantCulture);
        }

        return stored;
    }

    /// <summary>As Go leaves out what is empty: an expression asks by <c>has(request.name)</c>.</summary>
    private static JsonObject RequestJson(AdmissionRequest asked, ServedVersion version)
    {
        DecodeTarget KindIn(ServedVersion served) => asked.BodyKind ?? new DecodeTarget(served.Group, served.Version, asked.Resource.Names.Kind);
        JsonObject Kind(DecodeTarget kind) => new() { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind };
        JsonObject Resource(ServedVersion served) => new() { ["group"] = served.Group, ["version"] = served.Version, ["resource"] = asked.Key.Resource };
        var json = new JsonObject
        {
            ["kind"] = Kind(KindIn(version)),
            ["resource"] = Resource(version),
            ["requestKind"] = Kind(KindIn(asked.Version)),
            ["requestResource"] = Resource(asked.Version),
            ["operation"] = asked.Operation.ToString().ToUpperInvariant(),
            ["userInfo"] = UserJson.Of(asked.User),
            ["dryRun"] = asked.DryRun,
            ["options"] = asked.Options(),
        };
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
            [("subResource", asked.Subresource), ("requestSubResource", asked.Subresource), ("name", asked.Name), ("namespace", asked.Namespace)])
        {
            if (value.Length > 0)
            {
                json[name] = value;
            }
        }

        return json;
    }
}

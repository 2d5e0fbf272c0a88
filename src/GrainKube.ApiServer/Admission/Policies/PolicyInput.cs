using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiServer.Authentication;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>A request as expressions see it; the same for all policies.</summary>
internal sealed class PolicyInput
{
    private readonly Lazy<CelValue> request;
    private readonly Lazy<CelValue> ns;

    /// <param name="asked">The request.</param>
    /// <param name="item">The object as it is now: policies that edit see the work of those before them.</param>
    /// <param name="ns">The object's namespace, where it is in one.</param>
    /// <param name="rbac">Answers what expressions ask of the authorizer.</param>
    public PolicyInput(AdmissionRequest asked, JsonObject? item, KubeObject? ns, RbacIndex rbac)
    {
        Object = CelJson.Read(item);
        OldObject = CelJson.Read(asked.Current);
        request = new Lazy<CelValue>(() => CelJson.Read(RequestJson(asked)));
        this.ns = new Lazy<CelValue>(() => ns is null ? CelValue.Null : CelJson.Read(ns.ToNode()));
        var authorizer = PolicyAuthorizer.Of(asked.User, rbac);
        Authorizer = CelAuthorizer.Of(authorizer);
        ResourceAuthorizer = CelAuthorizer.OfResource(
            new AccessCheck
            {
                Group = asked.Key.Group, Resource = asked.Key.Resource, Subresource = asked.Subresource, Namespace = asked.Key.Namespace, Name = asked.Key.Name,
            },
            authorizer);
    }

    public CelValue Object { get; }
    public CelValue OldObject { get; }
    public CelValue Request => request.Value;

    /// <summary>Null where the object is in none, or is one itself.</summary>
    public CelValue Namespace => ns.Value;
    public CelAuthorizer Authorizer { get; }
    public CelAuthorizer ResourceAuthorizer { get; }

    private static JsonObject RequestJson(AdmissionRequest asked)
    {
        var names = asked.Resource.Names;
        var kind = asked.BodyKind ?? new DecodeTarget(names.Group, names.Version, names.Kind);
        JsonObject Kind() => new() { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind };
        JsonObject Resource() => new() { ["group"] = asked.Key.Group, ["version"] = names.Version, ["resource"] = asked.Key.Resource };
        return new JsonObject
        {
            ["kind"] = Kind(),
            ["resource"] = Resource(),
            ["subResource"] = asked.Subresource,
            ["requestKind"] = Kind(),
            ["requestResource"] = Resource(),
            ["requestSubResource"] = asked.Subresource,
            ["name"] = asked.Key.Name,
            ["namespace"] = asked.Key.Namespace,
            ["operation"] = asked.Operation.ToString().ToUpperInvariant(),
            ["userInfo"] = UserJson.Of(asked.User),
            ["dryRun"] = asked.DryRun,
            ["options"] = new JsonObject(),
        };
    }
}

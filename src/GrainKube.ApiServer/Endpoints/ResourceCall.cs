using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Requests;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>A request for a kind that is served, on its way to a verb.</summary>
internal sealed record ResourceCall(HttpContext Http, RequestInfo Info, UserInfo User, ResourceDefinition Definition, ServedVersion Version)
{
    /// <summary>The namespace that objects of this call live in: empty for cluster-scoped kinds, also where the path says <c>/namespaces/NAME</c>.</summary>
    public string Namespace => Definition.Names.Namespaced ? Info.Namespace : "";

    public GroupResource Resource => Definition.GroupResource;

    /// <summary>The object that the path names.</summary>
    public ObjectKey Key => KeyOf(Info.Name);

    private Shape? shape;

    /// <summary>The form the client wants. Asked for only where we answer ourselves: through a proxy any form may be wanted.</summary>
    /// <exception cref="ApiException">406.</exception>
    public Shape Shape => shape ??= Accept.Negotiate(Http.Request, Offer);

    /// <summary>The forms that there are.</summary>
    public Offer Offer => new(HasRoutes, Version.ApiVersion, Definition.Names.Kind);

    /// <summary>False for custom resources: upstream has one handler for all of them, and it words differently what a route would have refused.</summary>
    public bool HasRoutes => Definition.Model is not null;

    /// <summary>What is said to a method that the resource does not have.</summary>
    public ApiException NotAllowed() => HasRoutes ? ApiException.MethodNotAllowed() : ApiException.MethodNotSupported(Resource, Info.Verb);

    public CancellationToken Cancel => Http.RequestAborted;

    public ObjectKey KeyOf(string name) => new(Definition.Names.Group, Definition.Names.Plural, Namespace, name);
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Validation;
using GrainKube.ApiServer.Authorization;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>
/// Nobody reads by a policy's parameters what he may not read himself. Upstream does this in the storage of the policies; here it is an admission plugin.
/// </summary>
internal sealed class ParameterAccess(IObjectReader objects, ResourceRegistry registry, AccessQuestion question) : IValidatingAdmission
{
    private const string Group = ValidatingAdmissionPolicies.Group;
    private const string Any = "*";

    public string Name => "PolicyParameterAccess";

    public bool Handles(AdmissionRequest request) =>
        request.Key.Group == Group
        && request.Subresource.Length == 0
        && request.Operation is AdmissionOperation.Create or AdmissionOperation.Update
        && request.Key.Resource is "validatingadmissionpolicies" or "mutatingadmissionpolicies" or "validatingadmissionpolicybindings" or "mutatingadmissionpolicybindings"
        && (request.Object?["spec"]?["paramKind"] ?? request.Object?["spec"]?["paramRef"]) is not null
        && !Superuser.Is(request.User);

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel) =>
        request.Object!["spec"]!["paramKind"] is { } kind ? CheckKindAsync(request, kind, cancel) : CheckReferenceAsync(request, request.Object["spec"]!["paramRef"]!, cancel);

    private async ValueTask CheckKindAsync(AdmissionRequest request, JsonNode kind, CancellationToken cancel)
    {
        if (!JsonNode.DeepEquals(kind, request.Current?["spec"]?["paramKind"])
            && !await new AccessChecks(question, request).MayAsync(About(kind) with { Verb = "get", Name = Any, Namespace = Any }, cancel))
        {
            throw Refusal(
                request, "paramKind",
                $"user {request.User.Name} must have \"get\" permission on all objects of the referenced paramKind (kind={(string?)kind["kind"]}, apiVersion={(string?)kind["apiVersion"]})");
        }
    }

    private async ValueTask CheckReferenceAsync(AdmissionRequest request, JsonNode reference, CancellationToken cancel)
    {
        if (JsonNode.DeepEquals(reference, request.Current?["spec"]?["paramRef"]) && JsonNode.DeepEquals(request.Object!["spec"]!["policyName"], request.Current?["spec"]?["policyName"]))
        {
            return;
        }

        var policies = request.Key.Resource[..^"bindings".Length].Replace("policy", "policies", StringComparison.Ordinal);
        var policy = objects.Get(new ObjectKey(Group, policies, "", (string?)request.Object!["spec"]!["policyName"] ?? ""))?.ToNode();
        var name = (string?)reference["name"] is { Length: > 0 } named ? named : Any;
        var verb = name == Any ? "list" : "get";
        var asked = About(policy?["spec"]?["paramKind"]) with { Verb = verb, Name = name, Namespace = (string?)reference["namespace"] is { Length: > 0 } ns ? ns : Any };
        if (!await new AccessChecks(question, request).MayAsync(asked, cancel))
        {
            throw Refusal(request, "paramRef", $"user {request.User.Name} does not have \"{verb}\" permission on the object referenced by paramRef");
        }
    }

    /// <summary>A kind that is not known yet may come to be anything.</summary>
    private AccessCheck About(JsonNode? kind)
    {
        var apiVersion = (string?)kind?["apiVersion"] ?? "";
        var slash = apiVersion.IndexOf('/');
        return new AccessCheck
        {
            Group = apiVersion.Length == 0 ? Any : slash < 0 ? "" : apiVersion[..slash],
            Version = apiVersion.Length == 0 ? Any : apiVersion[(slash + 1)..],
            Resource = registry.TryFindKind(apiVersion, (string?)kind?["kind"] ?? "", out var definition) ? definition.Names.Plural : Any,
        };
    }

    private static ApiException Refusal(AdmissionRequest request, string field, string message)
    {
        var errors = new FieldErrors();
        errors.At("spec").At(field).Forbidden(message);
        return ApiException.Invalid(Group, request.Resource.Names.Kind, request.Key.Name, errors);
    }
}

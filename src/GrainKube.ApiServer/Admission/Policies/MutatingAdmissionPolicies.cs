using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiServer.Admission.Webhooks;
using GrainKube.ApiServer.Authorization;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>Lets the MutatingAdmissionPolicies that are bound edit the object of a request, in the order of their bindings' names.</summary>
internal sealed class MutatingAdmissionPolicies(IObjectReader objects, ResourceRegistry registry, AccessQuestion question) : IMutatingAdmission
{
    private static readonly GroupResource Bindings = new(ValidatingAdmissionPolicies.Group, "mutatingadmissionpolicybindings");
    private readonly PolicyParameters parameters = new(objects, registry);

    public string Name => "MutatingAdmissionPolicy";

    public bool JudgesBodies => true;

    /// <summary>Policies do not edit policies.</summary>
    public bool Handles(AdmissionRequest request) =>
        request.Object is not null
        && !(request.Key.Group == ValidatingAdmissionPolicies.Group && request.Key.Resource.Contains("admissionpolic", StringComparison.Ordinal))
        && objects.All(Bindings).Any();

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        KubeObject? ns = null;
        if (request.Key.Namespace.Length > 0 && !request.Is("", "namespaces"))
        {
            ns = await objects.FindAsync(CoreKeys.Namespace(request.Key.Namespace), cancel);
        }

        var checks = new AccessChecks(question, request);
        foreach (var binding in objects.All(Bindings).Select(PolicyBinding.Of))
        {
            if (objects.Get(new ObjectKey(ValidatingAdmissionPolicies.Group, "mutatingadmissionpolicies", "", binding.PolicyName)) is not { } item
                || MutatingPolicy.Of(item) is not { } policy
                || policy.Match.Match(request, ns) is not { } version
                || binding.Match.Match(request, ns) is null)
            {
                continue;
            }

            try
            {
                foreach (var given in await parameters.FindAsync(policy.ParamKind, binding.ParamRef, request, cancel))
                {
                    var converts = PolicyInput.Converts(request, version);
                    var shown = converts ? ServedObjects.InVersion(request.Object!, version, converts) : request.Object!;
                    var schema = request.BodyKind is null ? version.Schema : null;
                    var edited = await checks.EvaluateAsync(() => policy.Mutate(shown, schema, made => new PolicyInput(request, version, made, ns, checks), given), cancel);
                    if (!ReferenceEquals(edited, shown))
                    {
                        request.LacksDefaults = true;
                        Replace(request.Object!, converts ? ServedObjects.ToStorage(edited, request.Resource, version) : edited);
                    }
                }
            }
            catch (Exception wrong) when (wrong is PolicyConfigurationException or DecodeException)
            {
                if (policy.FailsClosed)
                {
                    throw Denied(request, $"policy '{policy.Name}' with binding '{binding.Name}' denied request: {wrong.Message}");
                }
            }
        }
    }

    /// <summary>The request's object stays the same instance; its fields are exchanged.</summary>
    private static void Replace(JsonObject target, JsonObject made)
    {
        var fields = made.ToList();
        made.Clear();
        target.Clear();
        foreach (var (name, value) in fields)
        {
            target[name] = value;
        }
    }

    private static ApiException Denied(AdmissionRequest request, string message) =>
        new(request.Forbidden(message, new StatusCause("", message, "")).Status with { Reason = "Invalid", Code = 422 });
}

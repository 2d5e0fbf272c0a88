using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>Lets the MutatingAdmissionPolicies that are bound edit the object of a request, in the order of their bindings' names.</summary>
internal sealed class MutatingAdmissionPolicies(IObjectReader objects, ResourceRegistry registry, RbacIndex rbac) : IMutatingAdmission
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

        foreach (var binding in objects.All(Bindings).Select(PolicyBinding.Of))
        {
            if (objects.Get(new ObjectKey(ValidatingAdmissionPolicies.Group, "mutatingadmissionpolicies", "", binding.PolicyName)) is not { } item
                || MutatingPolicy.Of(item) is not { } policy
                || !policy.Match.Matches(request, ns)
                || !binding.Match.Matches(request, ns))
            {
                continue;
            }

            try
            {
                foreach (var given in await parameters.FindAsync(policy.ParamKind, binding.ParamRef, request, cancel))
                {
                    var schema = request.BodyKind is null && request.Resource.Versions.Count > 0 ? request.Resource.Schema : null;
                    request.LacksDefaults = true;
                    Replace(request.Object!, policy.Mutate(request.Object!, schema, made => new PolicyInput(request, made, ns, rbac), given));
                }
            }
            catch (PolicyConfigurationException wrong)
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
        if (ReferenceEquals(target, made))
        {
            return;
        }

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

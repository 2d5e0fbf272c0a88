using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission.Webhooks;
using GrainKube.ApiServer.Authorization;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>Puts requests to the ValidatingAdmissionPolicies that are bound.</summary>
internal sealed class ValidatingAdmissionPolicies(IObjectReader objects, ResourceRegistry registry, AccessQuestion question) : IValidatingAdmission
{
    internal const string Group = "admissionregistration.k8s.io";
    private const string FailureAnnotation = "validation.policy.admission.k8s.io/validation_failure";
    private static readonly GroupResource Bindings = new(Group, "validatingadmissionpolicybindings");
    private readonly PolicyParameters parameters = new(objects, registry);

    public string Name => "ValidatingAdmissionPolicy";

    public bool JudgesBodies => true;

    /// <summary>Policies do not guard themselves: a wrong one could never be taken back.</summary>
    public bool Handles(AdmissionRequest request) =>
        !(request.Key.Group == Group && request.Key.Resource.Contains("admissionpolic", StringComparison.Ordinal)) && objects.All(Bindings).Any();

    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        KubeObject? ns = null;
        if (request.Key.Namespace.Length > 0 && !request.Is("", "namespaces"))
        {
            ns = await objects.FindAsync(CoreKeys.Namespace(request.Key.Namespace), cancel);
        }

        PolicyInput? input = null;
        var checks = new AccessChecks(question, request);
        ApiException? refusal = null;
        foreach (var binding in objects.All(Bindings).Select(PolicyBinding.Of))
        {
            if (objects.Get(new ObjectKey(Group, "validatingadmissionpolicies", "", binding.PolicyName)) is not { } item
                || ValidatingPolicy.Of(item) is not { } policy
                || policy.Match.Match(request, ns) is not { } version
                || binding.Match.Match(request, ns) is null)
            {
                continue;
            }

            if (input is null || !ReferenceEquals(input.Version, version))
            {
                var shown = request.Object is { } stored && PolicyInput.Converts(request, version) ? ServedObjects.InVersion(stored, version, converts: true) : request.Object;
                input = new PolicyInput(request, version, shown, ns, checks);
            }

            await foreach (var found in RefusalsAsync(policy, binding, request, input, checks, cancel))
            {
                if (binding.Actions.Contains("Audit"))
                {
                    Note(request, policy, binding, found);
                }

                if (binding.Actions.Contains("Warn"))
                {
                    request.Warnings.Add($"Validation failed for ValidatingAdmissionPolicy '{policy.Name}' with binding '{binding.Name}': {found.Message}");
                }

                if (binding.Actions.Contains("Deny"))
                {
                    refusal ??= Denied(request, found, $"ValidatingAdmissionPolicy '{policy.Name}' with binding '{binding.Name}' denied request: {found.Message}");
                }
            }
        }

        if (refusal is not null)
        {
            throw refusal;
        }
    }

    private async IAsyncEnumerable<PolicyRefusal> RefusalsAsync(
        ValidatingPolicy policy,
        PolicyBinding binding,
        AdmissionRequest request,
        PolicyInput input,
        AccessChecks checks,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        IReadOnlyList<CelValue> given = [];
        string? broken = null;
        try
        {
            given = await parameters.FindAsync(policy.ParamKind, binding.ParamRef, request, cancel);
        }
        catch (PolicyConfigurationException wrong)
        {
            broken = wrong.Message;
        }

        if (broken is not null && policy.FailsClosed)
        {
            yield return new PolicyRefusal($"failed to configure binding: {broken}");
        }

        foreach (var one in given)
        {
            foreach (var found in await checks.EvaluateAsync(() => policy.Refusals(input, one, request.AuditAnnotations).ToList(), cancel))
            {
                yield return found;
            }
        }
    }

    /// <summary>Adds to the list that upstream puts in the audit log.</summary>
    private static void Note(AdmissionRequest request, ValidatingPolicy policy, PolicyBinding binding, PolicyRefusal found)
    {
        var list = request.AuditAnnotations.TryGetValue(FailureAnnotation, out var there) ? (JsonArray)JsonNode.Parse(there)! : [];
        list.Add((JsonNode)new JsonObject
        {
            ["message"] = found.Message,
            ["policy"] = policy.Name,
            ["binding"] = binding.Name,
            ["expressionIndex"] = found.Index,
            ["validationActions"] = new JsonArray([.. binding.Actions.Select(a => (JsonNode)a)]),
        });
        request.AuditAnnotations[FailureAnnotation] = list.ToJsonString();
    }

    private static ApiException Denied(AdmissionRequest request, PolicyRefusal found, string message)
    {
        var status = request.Forbidden(message, new StatusCause("", message, "")).Status;
        var code = found.Reason switch
        {
            "Forbidden" => 403,
            "Unauthorized" => 401,
            "RequestEntityTooLarge" => 413,
            _ => 422,
        };
        return new ApiException(status with { Reason = found.Reason, Code = code });
    }
}

/// <summary>What a binding of either kind of policy says.</summary>
internal sealed class PolicyBinding
{
    private PolicyBinding(KubeObject item)
    {
        var spec = item.ToNode()["spec"];
        Name = item.Key.Name;
        PolicyName = (string?)spec?["policyName"] ?? "";
        ParamRef = spec?["paramRef"];
        Match = new PolicyMatch(spec?["matchResources"] as JsonObject);
        Actions = spec?["validationActions"] is JsonArray actions ? [.. actions.Select(a => (string?)a ?? "")] : [];
    }

    public string Name { get; }
    public string PolicyName { get; }
    public JsonNode? ParamRef { get; }
    public PolicyMatch Match { get; }
    public IReadOnlyList<string> Actions { get; }

    public static PolicyBinding Of(KubeObject item) => item.Derive(static found => new PolicyBinding(found));
}

using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Policies;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.AdmissionRegistration.Policies;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.MutatingAdmissionPolicies;

internal sealed class MutatingAdmissionPolicyValidator : IValidator<V1MutatingAdmissionPolicy>
{
    public void Validate(V1MutatingAdmissionPolicy item, FieldErrors errors)
    {
        var (policy, spec) = (item.Spec, errors.At("spec"));
        var expressions = new PolicyExpressions(policy.ParamKind is not null, patches: true);
        PolicyRules.FailurePolicy(policy.FailurePolicy, spec.At("failurePolicy"));
        if (policy.ParamKind is { } kind)
        {
            PolicyRules.ParamKind(kind.ApiVersion, kind.Kind, spec.At("paramKind"));
        }

        PolicyRules.Constraints(policy.MatchConstraints, spec.At("matchConstraints"));
        expressions.Declare(policy.Variables ?? [], spec.At("variables"));
        PolicyRules.Conditions(policy.MatchConditions ?? [], expressions, spec.At("matchConditions"));
        if (policy.Mutations is not { Count: > 0 })
        {
            spec.At("mutations").Required("mutations must contain at least one item");
        }

        for (var i = 0; i < (policy.Mutations?.Count ?? 0); i++)
        {
            Mutation(policy.Mutations![i], expressions, spec.At("mutations").At(i));
        }

        spec.At("reinvocationPolicy").MustBeSet(policy.ReinvocationPolicy);
        spec.At("reinvocationPolicy").OneOf(policy.ReinvocationPolicy, "IfNeeded", "Never");
    }

    private static void Mutation(V1Mutation mutation, PolicyExpressions expressions, FieldErrors errors)
    {
        var (apply, patch) = (errors.At("applyConfiguration"), errors.At("jsonPatch"));
        errors.At("patchType").MustBeSet(mutation.PatchType);
        errors.At("patchType").OneOf(mutation.PatchType, "ApplyConfiguration", "JSONPatch");
        switch (mutation.PatchType)
        {
            case "ApplyConfiguration":
                Only(mutation.ApplyConfiguration is not null, mutation.JsonPatch is not null, mutation.PatchType, apply, patch);
                if (mutation.ApplyConfiguration is { } configuration)
                {
                    expressions.Check(configuration.Expression, apply.At("expression"));
                }

                break;
            case "JSONPatch":
                Only(mutation.JsonPatch is not null, mutation.ApplyConfiguration is not null, mutation.PatchType, patch, apply);
                if (mutation.JsonPatch is { } operations)
                {
                    expressions.Check(operations.Expression, patch.At("expression"), CelType.ListOf(PolicyTypes.JsonPatch));
                }

                break;
        }
    }

    private static void Only(bool hasOwn, bool hasOther, string type, FieldErrors own, FieldErrors other)
    {
        if (!hasOwn)
        {
            own.Required($"must be specified when patchType is {type}");
        }

        if (hasOther)
        {
            other.Forbidden($"must not be specified when patchType is {type}");
        }
    }
}

using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.AdmissionRegistration.Policies;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.ValidatingAdmissionPolicies;

internal sealed class ValidatingAdmissionPolicyValidator : IValidator<V1ValidatingAdmissionPolicy>
{
    private const int MostAnnotations = 20;
    private const int LongestValueExpression = 5 * 1024;

    public void Validate(V1ValidatingAdmissionPolicy item, FieldErrors errors)
    {
        var (policy, spec) = (item.Spec, errors.At("spec"));
        var expressions = new PolicyExpressions(policy.ParamKind is not null, patches: false);
        PolicyRules.FailurePolicy(policy.FailurePolicy, spec.At("failurePolicy"));
        if (policy.ParamKind is { } kind)
        {
            PolicyRules.ParamKind(kind.ApiVersion, kind.Kind, spec.At("paramKind"));
        }

        PolicyRules.Constraints(policy.MatchConstraints, spec.At("matchConstraints"));
        expressions.Declare(policy.Variables ?? [], spec.At("variables"));
        PolicyRules.Conditions(policy.MatchConditions ?? [], expressions, spec.At("matchConditions"));
        var (validations, annotations) = (policy.Validations ?? [], policy.AuditAnnotations ?? []);
        if (validations.Count + annotations.Count == 0)
        {
            spec.At("validations").Required("validations or auditAnnotations must contain at least one item");
            spec.At("auditAnnotations").Required("validations or auditAnnotations must contain at least one item");
        }

        for (var i = 0; i < validations.Count; i++)
        {
            Validation(validations[i], expressions, spec.At("validations").At(i));
        }

        Annotations(item.Metadata?.Name ?? "", annotations, expressions, spec.At("auditAnnotations"));
    }

    private static void Validation(V1Validation validation, PolicyExpressions expressions, FieldErrors errors)
    {
        expressions.Check(validation.Expression, errors.At("expression"), CelType.Bool);
        if (!string.IsNullOrEmpty(validation.MessageExpression))
        {
            if (validation.MessageExpression.Trim().Length == 0)
            {
                errors.At("messageExpression").Invalid(validation.MessageExpression, "must be non-empty if specified");
            }
            else
            {
                expressions.Check(validation.MessageExpression, errors.At("messageExpression"), CelType.String);
            }
        }

        var message = validation.Message?.Trim() ?? "";
        if (validation.Message is { Length: > 0 } && message.Length == 0)
        {
            errors.At("message").Invalid(validation.Message, "message must be non-empty if specified");
        }
        else if (message.AsSpan().IndexOfAny('\n', '\r') >= 0)
        {
            errors.At("message").Invalid(validation.Message, "message must not contain line breaks");
        }

        errors.At("reason").OneOf(validation.Reason, "Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized");
    }

    private static void Annotations(string policy, IList<V1AuditAnnotation> annotations, PolicyExpressions expressions, FieldErrors errors)
    {
        if (annotations.Count > MostAnnotations)
        {
            errors.Invalid(annotations, $"must not have more than {MostAnnotations} auditAnnotations");
        }

        HashSet<string> keys = [];
        for (var i = 0; i < annotations.Count; i++)
        {
            var place = errors.At(i);
            var (key, value) = (annotations[i].Key ?? "", annotations[i].ValueExpression ?? "");
            if (key.Length == 0)
            {
                place.At("key").Required("key is not specified");
            }
            else
            {
                place.At("key").Report(key, NameRules.LabelKey($"{policy}/{key}"));
                if (!keys.Add(key))
                {
                    place.At("key").Duplicate(key);
                }
            }

            if (value.Trim().Length == 0)
            {
                place.At("valueExpression").Required("valueExpression is not specified");
            }
            else if (value.Trim().Length > LongestValueExpression)
            {
                place.At("valueExpression").Required("must not exceed 5kb in length");
            }
            else
            {
                expressions.Check(value, place.At("valueExpression"), CelType.String, CelType.Null);
            }
        }
    }
}

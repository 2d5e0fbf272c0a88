using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for when one container of a pod is started again.</summary>
internal static class RestartRules
{
    private const int MaximumRules = 20;
    private const int MaximumCodes = 255;
    private static readonly string[] Policies = ["Always", "Never", "OnFailure"];

    public static void Check(V1Container container, FieldErrors errors)
    {
        errors.At("restartPolicy").OneOf(container.RestartPolicy, Policies);
        if (container.RestartPolicyRules is not { Count: > 0 } rules)
        {
            return;
        }

        if (container.RestartPolicy is null)
        {
            errors.At("restartPolicy").Required("must specify restartPolicy when restart rules are used");
        }

        if (rules.Count > MaximumRules)
        {
            errors.At("restartPolicyRules").TooMany(rules.Count, MaximumRules);
        }

        for (var i = 0; i < rules.Count; i++)
        {
            One(rules[i], errors.At("restartPolicyRules").At(i));
        }
    }

    private static void One(V1ContainerRestartRule rule, FieldErrors errors)
    {
        errors.At("action").RequiredOneOf(rule.Action, "Restart", "RestartAllContainers");
        if (rule.ExitCodes is not { } codes)
        {
            errors.At("exitCodes").Required("must be specified");
            return;
        }

        var place = errors.At("exitCodes");
        place.At("operator").RequiredOneOf(codes.OperatorProperty, "In", "NotIn");
        if (codes.Values is { Count: > MaximumCodes })
        {
            place.At("values").TooMany(codes.Values.Count, MaximumCodes);
        }
    }
}

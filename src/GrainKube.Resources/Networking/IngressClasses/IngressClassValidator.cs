using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Networking.IngressClasses;

/// <summary>Upstream's rules for an IngressClass: its controller is for ever.</summary>
internal sealed class IngressClassValidator : IValidator<V1IngressClass>
{
    private const int LongestController = 250;

    public void Validate(V1IngressClass item, FieldErrors errors)
    {
        Controller(item.Spec?.Controller ?? "", errors.At("spec").At("controller"));
        if (item.Spec?.Parameters is { } parameters)
        {
            Parameters(parameters, errors.At("spec").At("parameters"));
        }
    }

    public void ValidateUpdate(V1IngressClass next, V1IngressClass current, FieldErrors errors)
    {
        Validate(next, errors);
        errors.At("spec").At("controller").Immutable(next.Spec?.Controller ?? "", current.Spec?.Controller ?? "");
    }

    private static void Controller(string name, FieldErrors errors)
    {
        if (name.Length == 0)
        {
            errors.Required();
            return;
        }

        if (name.Length > LongestController)
        {
            errors.TooLong(LongestController);
        }

        var parts = name.Split('/', 2);
        if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
        {
            errors.Invalid(name, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }

        errors.Report(parts[0], NameRules.DnsSubdomain(parts[0]));
        errors.Report(parts[1], NameRules.HttpPath(parts[1]));
    }

    private static void Parameters(V1IngressClassParametersReference parameters, FieldErrors errors)
    {
        if (parameters.ApiGroup is { } group)
        {
            errors.At("apiGroup").Report(group, NameRules.DnsSubdomain(group));
        }

        errors.At("kind").RequiredName(parameters.Kind, NameRules.PathSegment);
        errors.At("name").RequiredName(parameters.Name, NameRules.PathSegment);
        switch (parameters.Scope)
        {
            case null:
                errors.At("scope").Required();
                break;
            case "Namespace" when parameters.NamespaceProperty is null:
                errors.At("namespace").Required("`parameters.scope` is set to 'Namespace'");
                break;
            case "Namespace":
                errors.At("namespace").Report(parameters.NamespaceProperty, NameRules.DnsLabel(parameters.NamespaceProperty));
                break;
            case "Cluster" when parameters.NamespaceProperty is not null:
                errors.At("namespace").Forbidden("`parameters.scope` is set to 'Cluster'");
                break;
            case not "Cluster":
                errors.At("scope").NotSupported(parameters.Scope, "Cluster", "Namespace");
                break;
        }
    }
}

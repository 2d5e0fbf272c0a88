using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration;

/// <summary>What a mutating and a validating webhook have in common, as written; for all who treat them alike.</summary>
public sealed record WebhookShape
{
    public required string? Name { get; init; }
    public required bool Mutates { get; init; }
    public required Admissionregistrationv1WebhookClientConfig? ClientConfig { get; init; }
    public required IList<V1RuleWithOperations>? Rules { get; init; }
    public required string? FailurePolicy { get; init; }
    public required string? MatchPolicy { get; init; }
    public required V1LabelSelector? NamespaceSelector { get; init; }
    public required V1LabelSelector? ObjectSelector { get; init; }
    public required string? SideEffects { get; init; }
    public required int? TimeoutSeconds { get; init; }
    public required IList<string>? AdmissionReviewVersions { get; init; }
    public required IList<V1MatchCondition>? MatchConditions { get; init; }

    /// <summary>Null for a validating webhook, which has none.</summary>
    public string? ReinvocationPolicy { get; init; }

    public static WebhookShape Of(V1MutatingWebhook item) => new()
    {
        Name = item.Name,
        Mutates = true,
        ClientConfig = item.ClientConfig,
        Rules = item.Rules,
        FailurePolicy = item.FailurePolicy,
        MatchPolicy = item.MatchPolicy,
        NamespaceSelector = item.NamespaceSelector,
        ObjectSelector = item.ObjectSelector,
        SideEffects = item.SideEffects,
        TimeoutSeconds = item.TimeoutSeconds,
        AdmissionReviewVersions = item.AdmissionReviewVersions,
        MatchConditions = item.MatchConditions,
        ReinvocationPolicy = item.ReinvocationPolicy,
    };

    public static WebhookShape Of(V1ValidatingWebhook item) => new()
    {
        Name = item.Name,
        Mutates = false,
        ClientConfig = item.ClientConfig,
        Rules = item.Rules,
        FailurePolicy = item.FailurePolicy,
        MatchPolicy = item.MatchPolicy,
        NamespaceSelector = item.NamespaceSelector,
        ObjectSelector = item.ObjectSelector,
        SideEffects = item.SideEffects,
        TimeoutSeconds = item.TimeoutSeconds,
        AdmissionReviewVersions = item.AdmissionReviewVersions,
        MatchConditions = item.MatchConditions,
    };
}

using GrainKube.ApiMachinery.Selectors;
using GrainKube.Resources.AdmissionRegistration;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>One entry of a webhook configuration, of either kind.</summary>
internal sealed record Webhook
{
    /// <summary>Name of the configuration object that holds it.</summary>
    public required string Configuration { get; init; }
    public required string Name { get; init; }
    public required bool Mutates { get; init; }
    public required WebhookTarget Target { get; init; }
    public required IReadOnlyList<V1RuleWithOperations> Rules { get; init; }
    public required LabelSelector Namespaces { get; init; }
    public required LabelSelector Objects { get; init; }
    public required IReadOnlyList<V1MatchCondition> Conditions { get; init; }

    /// <summary>False: what cannot be asked is passed over (<c>failurePolicy: Ignore</c>).</summary>
    public required bool FailsClosed { get; init; }

    /// <summary><c>matchPolicy: Equivalent</c>: a rule for one version of a kind holds for all.</summary>
    public required bool MatchesEquivalent { get; init; }

    /// <summary><c>reinvocationPolicy: IfNeeded</c>.</summary>
    public required bool IsReinvoked { get; init; }

    /// <summary>It says that a dry run leaves no traces.</summary>
    public required bool AllowsDryRun { get; init; }
    public required TimeSpan Timeout { get; init; }

    /// <summary>The newest version of AdmissionReview that both sides speak, <c>v1</c> or <c>v1beta1</c>.</summary>
    public required string ReviewVersion { get; init; }

    /// <param name="configuration">Name of the configuration object that holds it.</param>
    /// <param name="item">It as written.</param>
    public static Webhook Of(string configuration, WebhookShape item) => new()
    {
        Configuration = configuration,
        Name = item.Name ?? "",
        Mutates = item.Mutates,
        Target = WebhookTarget.Of(item.ClientConfig ?? new()),
        Rules = [.. item.Rules ?? []],
        Namespaces = LabelSelector.From(item.NamespaceSelector ?? new V1LabelSelector()),
        Objects = LabelSelector.From(item.ObjectSelector ?? new V1LabelSelector()),
        Conditions = [.. item.MatchConditions ?? []],
        FailsClosed = item.FailurePolicy != "Ignore",
        MatchesEquivalent = item.MatchPolicy != "Exact",
        IsReinvoked = item.ReinvocationPolicy == "IfNeeded",
        AllowsDryRun = item.SideEffects is "None" or "NoneOnDryRun",
        Timeout = TimeSpan.FromSeconds(item.TimeoutSeconds ?? 10),
        ReviewVersion = VersionOf(item.AdmissionReviewVersions),
    };

    private static string VersionOf(IList<string>? versions) => versions?.FirstOrDefault(v => v is "v1" or "v1beta1") ?? "v1";
}

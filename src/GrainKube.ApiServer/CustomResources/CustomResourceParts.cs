using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Schemas.Values;
using GrainKube.ApiServer.CustomResources.Conversion;
using GrainKube.Resources.Schemas;
using k8s.Models;

namespace GrainKube.ApiServer.CustomResources;

/// <summary>What every custom resource is made with.</summary>
/// <param name="compilers">Evaluators of <c>x-kubernetes-validations</c>, at most one.</param>
/// <param name="webhooks">Reaches conversion webhooks.</param>
internal sealed class CustomResourceParts(IEnumerable<IValueRulesCompiler> compilers, ConversionWebhooks webhooks)
{
    private readonly Lazy<Schema> metadata = new(ModelSchemas.For<V1ObjectMeta>);

    public Func<Schema> Metadata => () => metadata.Value;

    public IValueRulesCompiler? Rules { get; } = compilers.FirstOrDefault();

    public IVersionConversion ConversionFor(CustomResourceSpec definition) =>
        definition.Webhook is { } webhook ? new WebhookConversion(webhook, webhooks) : NoConversion.Instance;
}

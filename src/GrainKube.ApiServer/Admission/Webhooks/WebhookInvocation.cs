using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>A webhook whose rules name a request.</summary>
/// <param name="Webhook">Whom to ask.</param>
/// <param name="Version">The version in which it wants to see the object.</param>
internal sealed record WebhookInvocation(Webhook Webhook, ServedVersion Version);

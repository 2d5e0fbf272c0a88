namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>A webhook gave no usable answer. The message says why, in the words that users of Kubernetes know.</summary>
internal sealed class WebhookFailure(string message, Exception? cause = null) : Exception(message, cause);

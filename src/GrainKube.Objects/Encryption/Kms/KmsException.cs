namespace GrainKube.Objects.Encryption.Kms;

/// <summary>A plugin did not answer, or what it answered cannot be.</summary>
public sealed class KmsException(string message) : Exception(message);

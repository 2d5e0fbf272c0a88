namespace GrainKube.Networking.Proxy.Services;

/// <summary>One address of one port of a service, with what decides whether it is used.</summary>
internal sealed record SliceEndpoint(
    ServiceEndpoint Target, bool IsReady, bool IsServing, bool IsTerminating, IReadOnlyList<string> ZoneHints, IReadOnlyList<string> NodeHints);

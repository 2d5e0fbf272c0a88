namespace GrainKube.Networking.Tests.Proxy.Lab;

/// <summary>What a server of the lab says.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Client">The address that it sees its client at.</param>
internal sealed record Reply(string Server, string Client);

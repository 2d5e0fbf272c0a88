using GrainKube.ApiMachinery.Errors;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Streaming;

/// <summary>A version of the channel protocol over WebSocket, as a client asks for it.</summary>
/// <param name="Name">The subprotocol; null where the client names none and gets the first version.</param>
/// <param name="Version">1, 4 or 5.</param>
/// <param name="Base64">Messages are text: a digit for the channel, then base64.</param>
internal sealed record ChannelProtocol(string? Name, int Version, bool Base64)
{
    private static readonly ChannelProtocol[] All =
    [
        new("v5.channel.k8s.io", 5, false), new("v4.channel.k8s.io", 4, false), new("v4.base64.channel.k8s.io", 4, true),
        new("channel.k8s.io", 1, false), new("base64.channel.k8s.io", 1, true),
    ];

    /// <summary>The first protocol of the client's list that we speak.</summary>
    /// <exception cref="ApiException">400 where there is none.</exception>
    public static ChannelProtocol Of(HttpContext context)
    {
        var asked = context.WebSockets.WebSocketRequestedProtocols;
        if (asked.Count == 0)
        {
            return new ChannelProtocol(null, 1, false);
        }

        return asked.Select(name => Array.Find(All, protocol => protocol.Name == name)).FirstOrDefault(protocol => protocol is not null)
            ?? throw ApiException.BadRequest($"unable to upgrade: none of the protocols [{string.Join(' ', asked)}] is supported, only [{string.Join(' ', All.Select(protocol => protocol.Name))}]");
    }
}

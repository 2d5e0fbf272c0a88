using System.Buffers;
using System.IO.Compression;
using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Audit;
using GrainKube.ApiServer.Negotiation;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Writes finished bytes as an answer.</summary>
internal static class Responses
{
    public static Task StatusAsync(HttpContext context, Status status)
    {
        if (status.RetryAfterSeconds > 0)
        {
            context.Response.Headers.RetryAfter = status.RetryAfterSeconds.ToString();
        }

        return JsonAsync(context, status.Code, status.ToJson());
    }

    public static async Task JsonAsync(HttpContext context, int code, ReadOnlyMemory<byte> body)
    {
        AuditEvent.Of(context)?.Answered(body);
        (body, var type) = Renderings.Render(body, Renderings.Of(context.Request));
        Start(context, code, type);
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
        }
    }

    public static Task TextAsync(HttpContext context, int code, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Start(context, code, "text/plain; charset=utf-8");
        context.Response.ContentLength = bytes.Length;
        return context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    /// <summary>Sends pieces that lie ready one after the other; compressed where the client asked for it and the whole is large.</summary>
    public static async Task PiecesAsync(HttpContext context, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long length, int compressFrom)
    {
        AuditEvent.Of(context)?.Answered(pieces, length);
        var (rendering, type) = (Renderings.Of(context.Request), Renderings.Json);
        if (rendering != Rendering.Compact)
        {
            (var whole, type) = Renderings.Render(Joined(pieces, length), rendering);
            (pieces, length) = ([whole], whole.Length);
        }

        Start(context, 200, type);
        if (length >= compressFrom && AcceptsGzip(context.Request))
        {
            context.Response.Headers.ContentEncoding = "gzip";
            context.Response.Headers.Vary = "Accept-Encoding";
            await using var gzip = new GZipStream(context.Response.BodyWriter.AsStream(leaveOpen: true), CompressionLevel.Fastest);
            foreach (var piece in pieces)
            {
                await gzip.WriteAsync(piece, context.RequestAborted);
            }

            return;
        }

        context.Response.ContentLength = length;
        var output = context.Response.BodyWriter;
        var unflushed = 0;
        foreach (var piece in pieces)
        {
            output.Write(piece.Span);
            unflushed += piece.Length;
            if (unflushed > 128 * 1024)
            {
                unflushed = 0;
                await output.FlushAsync(context.RequestAborted);
            }
        }

        await output.FlushAsync(context.RequestAborted);
    }

    /// <summary>Adds the <c>Warning</c> headers that kubectl prints.</summary>
    public static void Warn(HttpContext context, IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings)
        {
            context.Response.Headers.Append("Warning", $"299 - \"{Quote(warning)}\"");
        }
    }

    public static void Start(HttpContext context, int code, string contentType)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-cache, private";
    }

    public static bool AcceptsGzip(HttpRequest request)
    {
        foreach (var value in request.Headers.AcceptEncoding)
        {
            if (value is not null && value.Contains("gzip", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Joined(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long length)
    {
        var joined = new byte[length];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(joined.AsMemory(at));
            at += piece.Length;
        }

        return joined;
    }

    // A header may hold neither line breaks nor (here) anything beyond ASCII.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 8);
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' or '\\' => quoted.Append('\\').Append(letter),
                < ' ' or > '~' => quoted.Append(' '),
                _ => quoted.Append(letter),
            };
        }

        return quoted.ToString();
    }
}
